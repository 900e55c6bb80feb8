//! What comes from outside: the secret from the provisioning, the time from an RTC, the tokens from the network.

use jotlet::Timestamp;

/// The secret that the device shares with the server: 32 bytes.
pub const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// When [`FLASK`] was issued.
pub const ISSUED: Timestamp = Timestamp::from_secs(1_767_225_600);

/// When [`FLASK`] and [`SHORT`] expire.
pub const EXPIRY: Timestamp = Timestamp::from_secs(1_767_226_500);

/// A time at which both are valid.
pub const NOW: Timestamp = Timestamp::from_secs(1_767_225_700);

/// Token F, 331 bytes: the claims of a flask-jwt-extended access token in its order, 187 bytes.
///
/// `{"fresh":false,"iat":1767225600,"jti":"0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10","type":"access","sub":"alice",`
/// `"nbf":1767225600,"csrf":"7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38","exp":1767226500}`
pub const FLASK: &str = concat!(
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
    "eyJmcmVzaCI6ZmFsc2UsImlhdCI6MTc2NzIyNTYwMCwianRpIjoiMGYzZDdlMGEtOGMyYi00ZjVlLTlkNjEtMmI3YzNhOWU0ZjEwIiwidHlwZSI6",
    "ImFjY2VzcyIsInN1YiI6ImFsaWNlIiwibmJmIjoxNzY3MjI1NjAwLCJjc3JmIjoiN2IxZTljNDItNTNkYS00YjBmLThhN2UtNmQyZjFjMGI5YTM4",
    "IiwiZXhwIjoxNzY3MjI2NTAwfQ.",
    "HL-3pwe-84t4G1u3XG5q6ugbaJl6wZwRMWLCUAGSXr8",
);

/// Token S, 120 bytes, which names no type: `{"sub":"1","exp":1767226500 }`.
pub const SHORT: &str = concat!(
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
    "eyJzdWIiOiIxIiwiZXhwIjoxNzY3MjI2NTAwIH0.",
    "1dEuNArGEs8dc6jqf85wPCV81LaKBz9lXlHTvo85pHY",
);
