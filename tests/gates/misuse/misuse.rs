//! Programs that must not compile, with what the compiler says beside them: `./run`.

#[test]
fn misuse() {
    let cases = std::env::var("CASES").unwrap_or("cases/*.rs".into());
    trybuild::TestCases::new().compile_fail(cases);
}
