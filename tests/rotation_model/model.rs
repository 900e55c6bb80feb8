//! The naive model: every token that a session ever had, and what may still become of it.

use jotlet::{Family, Timestamp, Token};

/// What happens to a token that is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Rotated,
    /// As [`Rotated`](Self::Rotated), but for the previous token.
    Repeated,
    Replayed,
    Unknown,
    Expired,
    Revoked,
    RepeatedId,
    /// No token, but a login for which there was no room.
    TableFull,
}

/// What may become of a token.
#[derive(Clone, Copy)]
pub enum State {
    Current,
    /// It may be repeated in the seconds before this.
    Replaced {
        end: i128,
    },
    Dead,
}

pub struct Handed {
    pub token: Token<512>,
    pub issued_at: Timestamp,
    pub state: State,
    /// How often it was exchanged.
    pub uses: u32,
}

/// A login: its tokens, and who has which of them.
pub struct Session {
    /// As it was at the login.
    pub family: Family,
    pub tokens: Vec<Handed>,
    /// Whether the stores still have it.
    pub stored: bool,
    pub revoked: bool,
    pub client: usize,
    pub thief: Option<usize>,
    /// The last exchange: the token that was presented, the one that it became, and whether that was a repeat.
    pub last: Option<(usize, usize, bool)>,
}

impl Session {
    pub fn new(family: Family, first: Handed) -> Self {
        Self {
            family,
            tokens: vec![first],
            stored: true,
            revoked: false,
            client: 0,
            thief: None,
            last: None,
        }
    }

    pub fn has_ended(&self, now: u64) -> bool {
        now >= self.family.ends_at().as_secs()
    }

    /// What has to happen if this token is presented.
    pub fn expected(&self, presented: usize, now: u64, grace: u64) -> Outcome {
        let now_wide = i128::from(now);
        match self.tokens[presented].state {
            _ if !self.stored => Outcome::Unknown,
            _ if self.has_ended(now) => Outcome::Expired,
            _ if self.revoked => Outcome::Revoked,
            State::Current => Outcome::Rotated,
            State::Replaced { end }
                if now_wide < end && end - now_wide <= 2 * i128::from(grace) =>
            {
                Outcome::Repeated
            }
            State::Replaced { .. } | State::Dead => Outcome::Replayed,
        }
    }

    /// The token was exchanged for another one, whose number is returned.
    pub fn exchange(
        &mut self,
        presented: usize,
        repeated: bool,
        new: Handed,
        now: u64,
        grace: u64,
    ) -> usize {
        let end = i128::from(now) + i128::from(grace);
        for token in &mut self.tokens {
            token.state = match token.state {
                State::Current if !repeated && grace > 0 => State::Replaced { end },
                _ => State::Dead,
            };
        }
        self.tokens[presented].uses += 1;
        self.tokens.push(new);
        let became = self.tokens.len() - 1;

        // The same rules said otherwise: an exchange goes on from the last one, or is the one repeat of it.
        match self.last {
            None => assert_eq!((presented, repeated), (0, false)),
            Some((_, became, _)) if !repeated => assert_eq!(presented, became),
            Some((last, _, was_repeat)) => assert!(presented == last && !was_repeat),
        }
        self.last = Some((presented, became, repeated));
        became
    }
}
