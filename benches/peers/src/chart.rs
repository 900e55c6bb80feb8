//! Pictures as SVG, readable on a light and on a dark page.

use std::fmt::Write;

const WIDTH: f64 = 760.0;

const STYLE: &str = "<style>\
text{font:13px system-ui,sans-serif;fill:#1f2328}\
.title{font-size:16px;font-weight:600}.small{font-size:11px;fill:#59636e}.head{font-weight:600}.end{text-anchor:end}.mid{text-anchor:middle}\
.bar{fill:#8c959f}.faint{fill:#8c959f;opacity:.45}.strong{fill:#1f6feb}.grid{stroke:#8c959f;stroke-opacity:.35}\
.a{stroke:#1f6feb;fill:#1f6feb}.b{stroke:#bf5b04;fill:#bf5b04}.c{stroke:#2da44e;fill:#2da44e}.d{stroke:#8c959f;fill:#8c959f}\
.line{fill:none;stroke-width:1.5}.key{stroke:none}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}}\
</style>";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn open(height: f64, title: &str, subtitle: &str) -> String {
    let (title, subtitle) = (escape(title), escape(subtitle));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n\
         {STYLE}\n<text class=\"title\" x=\"12\" y=\"26\">{title}</text>\n<text class=\"small\" x=\"12\" y=\"45\">{subtitle}</text>\n"
    )
}

/// Bars in groups, each group with a heading.
pub struct Bars {
    pub title: String,
    pub subtitle: String,
    pub groups: Vec<(String, Vec<(String, f64)>)>,
    /// The name of the row that stands out.
    pub strong: &'static str,
    /// How the names of the rows begin that step back.
    pub faint: &'static str,
}

pub fn bars(chart: &Bars) -> String {
    const ROW: f64 = 20.0;
    const LEFT: f64 = 200.0;
    const RIGHT: f64 = 70.0;
    let rows: usize = chart.groups.iter().map(|(_, rows)| rows.len()).sum();
    let height = 62.0 + rows as f64 * ROW + chart.groups.len() as f64 * 40.0;
    let longest = chart
        .groups
        .iter()
        .flat_map(|(_, rows)| rows)
        .map(|(_, value)| *value);
    let scale = (WIDTH - LEFT - RIGHT) / longest.fold(1.0, f64::max);
    let mut svg = open(height, &chart.title, &chart.subtitle);
    let mut y = 62.0;
    for (heading, rows) in &chart.groups {
        y += 18.0;
        let _ = writeln!(
            svg,
            "<text class=\"head\" x=\"12\" y=\"{y}\">{}</text>",
            escape(heading)
        );
        y += 8.0;
        for (name, value) in rows {
            let class = match name.as_str() {
                name if name == chart.strong => "strong",
                name if name.starts_with(chart.faint) => "faint",
                _ => "bar",
            };
            let (width, text) = (value * scale, y + 14.0);
            let _ = writeln!(
                svg,
                "<text class=\"end\" x=\"{}\" y=\"{text}\">{}</text><rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"14\" rx=\"2\"/><text x=\"{:.1}\" y=\"{text}\">{value:.0}</text>",
                LEFT - 8.0,
                escape(name),
                y + 3.0,
                LEFT + width + 6.0,
            );
            y += ROW;
        }
        y += 14.0;
    }
    svg + "</svg>\n"
}

/// Points over a line each.
pub struct Plot {
    pub title: String,
    pub subtitle: String,
    pub x_label: &'static str,
    pub y_label: &'static str,
    pub series: Vec<Series>,
}

pub struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    /// Of the line: where it meets the axis, and how steep it is.
    pub line: (f64, f64),
}

pub fn plot(chart: &Plot) -> String {
    const LEFT: f64 = 60.0;
    const TOP: f64 = 80.0;
    const HEIGHT: f64 = 320.0;
    let width = WIDTH - LEFT - 24.0;
    let key = 22.0 * chart.series.len() as f64;
    let most = |axis: fn(&(f64, f64)) -> f64| {
        let all = chart.series.iter().flat_map(|series| &series.points);
        all.map(axis).fold(0.0, f64::max)
    };
    let (x_step, y_step) = (step(most(|point| point.0)), step(most(|point| point.1)));
    let (x_ticks, y_ticks) = (
        (most(|point| point.0) / x_step).ceil(),
        (most(|point| point.1) / y_step).ceil(),
    );
    let x = |value: f64| LEFT + value / (x_ticks * x_step) * width;
    let y = |value: f64| TOP + HEIGHT - value / (y_ticks * y_step) * HEIGHT;
    let mut svg = open(TOP + HEIGHT + 52.0 + key, &chart.title, &chart.subtitle);
    for tick in 0..=y_ticks as usize {
        let value = tick as f64 * y_step;
        let at = y(value);
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}h{width}\"/><text class=\"small end\" x=\"{}\" y=\"{:.1}\">{value}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
    for tick in 0..=x_ticks as usize {
        let value = tick as f64 * x_step;
        let _ = writeln!(
            svg,
            "<text class=\"small mid\" x=\"{:.1}\" y=\"{}\">{value}</text>",
            x(value),
            TOP + HEIGHT + 18.0
        );
    }
    let below = TOP + HEIGHT + 36.0;
    let _ = writeln!(
        svg,
        "<text class=\"small mid\" x=\"{}\" y=\"{below}\">{}</text><text class=\"small\" x=\"12\" y=\"{}\">{}</text>",
        LEFT + width / 2.0,
        chart.x_label,
        TOP - 10.0,
        chart.y_label
    );
    for (index, (series, class)) in chart.series.iter().zip(["a", "b", "c", "d"]).enumerate() {
        let (start, slope) = series.line;
        let end = series.points.last().map_or(0.0, |point| point.0);
        let _ = writeln!(
            svg,
            "<path class=\"line {class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
            x(0.0),
            y(start.max(0.0)),
            x(end),
            y(start + slope * end)
        );
        for (at, value) in &series.points {
            let _ = writeln!(
                svg,
                "<circle class=\"key {class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\"/>",
                x(*at),
                y(*value)
            );
        }
        let row = below + 24.0 + 22.0 * index as f64;
        let _ = writeln!(
            svg,
            "<circle class=\"key {class}\" cx=\"{}\" cy=\"{}\" r=\"4\"/><text x=\"{}\" y=\"{row}\">{}</text>",
            LEFT + 6.0,
            row - 4.0,
            LEFT + 18.0,
            escape(&series.name)
        );
    }
    svg + "</svg>\n"
}

/// A round number of which five to ten make the axis.
fn step(most: f64) -> f64 {
    let power = 10_f64.powf((most / 5.0).log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .rev()
        .find(|factor| most / (factor * power) >= 5.0);
    factor.unwrap_or(1.0) * power
}
