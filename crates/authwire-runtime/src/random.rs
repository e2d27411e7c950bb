//! Random bytes, for what must not be guessed or must not come twice.

use crate::error::Error;

/// Fills `bytes` with random ones.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    aws_lc_rs::rand::fill(bytes)
        .map_err(|_| Error::System { message: "the system gives no random bytes".to_owned() })
}
