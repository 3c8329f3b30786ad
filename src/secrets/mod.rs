//! Encrypted files in transcrypt's format, byte for byte, so that a colleague with transcrypt and a container with openssl
//! alone can read what we wrote, and we what they did.
//!
//! The format (transcrypt 2.0 to 2.3, as its documentation and its output show it): base64 in lines of 64 columns of
//! `Salted__`, 8 bytes of salt and AES-256-CBC ciphertext with PKCS#7 padding. Key and IV come from OpenSSL's
//! `EVP_BytesToKey` with MD5 and one round. The salt is the last 8 bytes of HMAC-SHA256 over the plaintext with
//! `<path in the repository>:<password>` as its key: so equal files encrypt equally, and a salt that does not fit tells
//! that the password is wrong or the file was tampered with or moved.

mod calls;
mod format;
mod password;

pub use calls::{CALLS, mended};
pub use format::{Decrypted, base64, decrypt, encrypt, is_encrypted};
pub use password::{ATTRIBUTES, PASSWORD, Password, RANDOM};

/// What is wrong with an encrypted file, as the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecryptError {
    /// Not base64 of anything that starts with `Salted__`: written by an old transcrypt on a new OpenSSL, which lost the
    /// salt. Nobody can decrypt it.
    Headerless,
    /// No base64, or no whole number of blocks: no password makes anything of it.
    Damaged,
    /// The padding does not fit: a wrong password, or damage.
    Undecryptable,
}

impl DecryptError {
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Headerless => {
                "its salt is missing, so that nobody can decrypt it (old transcrypt versions did that)"
            }
            Self::Damaged => "it is damaged, so that no password decrypts it",
            Self::Undecryptable => {
                "it cannot be decrypted: the password is wrong, or it is damaged"
            }
        }
    }
}
