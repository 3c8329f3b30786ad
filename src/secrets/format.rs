//! The bytes of transcrypt's format.

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::DecryptError;

const HEADER: &[u8; 8] = b"Salted__";
/// The base64 of [`HEADER`], which every encrypted file starts with.
const PREFIX: &[u8] = b"U2FsdGVk";
const COLUMNS: usize = 64;
/// The bytes that are encrypted at a time.
const BLOCK: usize = 16;

/// A decrypted file.
#[derive(Debug, PartialEq, Eq)]
pub struct Decrypted {
    pub plain: Vec<u8>,
    /// Whether the salt is the one that this path, password and content give.
    pub authentic: bool,
}

impl Decrypted {
    /// Whether it is surely what was encrypted: its salt fits, or it is text, which garbage is not.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.authentic || std::str::from_utf8(&self.plain).is_ok()
    }
}

/// Bytes as text of letters, digits, `+` and `/`.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Whether the bytes are an encrypted file, as transcrypt tells it.
#[must_use]
pub fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(PREFIX)
}

/// Encrypts a file. The empty file stays empty, and what is encrypted already stays as it is.
///
/// `path` is relative to the top of the repository, with `/`.
#[must_use]
pub fn encrypt(plain: &[u8], path: &str, password: &str) -> Vec<u8> {
    if plain.is_empty() || is_encrypted(plain) {
        return plain.to_vec();
    }
    let salt = salt(plain, path, password);
    let (key, iv) = derive(password, salt);
    let ciphertext =
        cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(plain);
    let text = STANDARD.encode([&HEADER[..], &salt, &ciphertext].concat());
    let mut lines = Vec::with_capacity(text.len() + text.len() / COLUMNS + 1);
    for line in text.as_bytes().chunks(COLUMNS) {
        lines.extend_from_slice(line);
        lines.push(b'\n');
    }
    lines
}

/// Decrypts a file. What is not encrypted is returned as it is, as authentic.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(bytes: &[u8], path: &str, password: &str) -> Result<Decrypted, DecryptError> {
    if !is_encrypted(bytes) {
        return Ok(Decrypted {
            plain: bytes.to_vec(),
            authentic: true,
        });
    }
    let compact: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let decoded = STANDARD
        .decode(compact)
        .map_err(|_| DecryptError::Damaged)?;
    let body = decoded
        .strip_prefix(HEADER)
        .ok_or(DecryptError::Headerless)?;
    let (salt, ciphertext) = body.split_at_checked(8).ok_or(DecryptError::Damaged)?;
    let salt: [u8; 8] = salt.try_into().map_err(|_| DecryptError::Damaged)?;
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
        return Err(DecryptError::Damaged);
    }
    let (key, iv) = derive(password, salt);
    let plain = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into())
        .decrypt_padded_vec::<Pkcs7>(ciphertext)
        .map_err(|_| DecryptError::Undecryptable)?;
    let ours = self::salt(&plain, path, password);
    let authentic = ours == salt || first_version(ours) == salt;
    Ok(Decrypted { plain, authentic })
}

/// The last 8 bytes of the MAC.
fn salt(plain: &[u8], path: &str, password: &str) -> [u8; 8] {
    let mut mac = Hmac::<Sha256>::new_from_slice(format!("{path}:{password}").as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(plain);
    let mut salt = [0; 8];
    salt.copy_from_slice(&mac.finalize().into_bytes()[24..]);
    salt
}

/// The salt as versions before 2.0 made it: the last 15 hexadecimal digits and a zero.
fn first_version(salt: [u8; 8]) -> [u8; 8] {
    (u64::from_be_bytes(salt) << 4).to_be_bytes()
}

/// OpenSSL's `EVP_BytesToKey` with MD5, one round, for a key of 32 bytes and an IV of 16.
fn derive(password: &str, salt: [u8; 8]) -> ([u8; 32], [u8; 16]) {
    let mut stream = [0; 48];
    let mut block: Vec<u8> = Vec::new();
    for part in stream.chunks_mut(16) {
        let mut hash = Md5::new();
        hash.update(&block);
        hash.update(password.as_bytes());
        hash.update(salt);
        block = hash.finalize().to_vec();
        part.copy_from_slice(&block);
    }
    let (mut key, mut iv) = ([0; 32], [0; 16]);
    key.copy_from_slice(&stream[..32]);
    iv.copy_from_slice(&stream[32..]);
    (key, iv)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse \"b@ttery\" $taple";

    /// Blobs that transcrypt 2.2.3 and 2.3.1 wrote.
    const VECTORS: [(&str, &str, &str); 4] = [
        (
            ".env.develop.secret",
            "export A='1'\nSECRET_KEY='x y'\n",
            "U2FsdGVkX1/1QTqFXGkQ6PMP+NEoAimCsrEmFMm/qC+QeK0+E8jel+CViOcJc4ir\n",
        ),
        (
            "one.secret",
            "a",
            "U2FsdGVkX18IpTgw0x79WU2KH9mpRbxCrQae2E/Kjfs=\n",
        ),
        (
            "a.secret",
            "no newline at end",
            "U2FsdGVkX1/7GEa/3aDP2lBe6g7zzfJsyieC126K2zyHwqkl4wjaJ/74vRuZae5x\n",
        ),
        (
            "sub/ü file.secret",
            "sub/ü file\n",
            "U2FsdGVkX1/1/ld6vKej8VktXnO/5Mj1n0k83wg529M=\n",
        ),
    ];

    #[test]
    fn bytes_are_those_of_transcrypt() {
        for (path, plain, blob) in VECTORS {
            assert_eq!(
                String::from_utf8(encrypt(plain.as_bytes(), path, PASSWORD)).unwrap(),
                blob,
                "{path}"
            );
            let decrypted = decrypt(blob.as_bytes(), path, PASSWORD).unwrap();
            assert_eq!(
                (decrypted.plain.as_slice(), decrypted.authentic),
                (plain.as_bytes(), true)
            );
        }
    }

    #[test]
    fn salts_of_the_first_version_are_known() {
        let blob = b"U2FsdGVkX1+KU4MNMe/VkJAAXg4m9iN88Mei4odmBXM=\n";
        let decrypted = decrypt(blob, "one.secret", PASSWORD).unwrap();
        assert_eq!(
            (decrypted.plain.as_slice(), decrypted.authentic),
            (&b"a"[..], true)
        );
    }

    #[test]
    fn empty_and_encrypted_files_stay() {
        assert_eq!(encrypt(b"", "x", PASSWORD), b"");
        let once = encrypt(b"text", "x", PASSWORD);
        assert_eq!(encrypt(&once, "x", PASSWORD), once);
        assert_eq!(decrypt(b"plain", "x", PASSWORD).unwrap().plain, b"plain");
    }

    #[test]
    fn what_is_wrong_is_found() {
        let blob = encrypt(b"some text that is secret", "x", PASSWORD);
        let wrong = decrypt(&blob, "x", "another password");
        assert!(wrong.is_err() || !wrong.unwrap().authentic);
        assert!(!decrypt(&blob, "moved", PASSWORD).unwrap().authentic);
        for index in 12..blob.len() - 1 {
            let mut tampered = blob.clone();
            tampered[index] = if tampered[index] == b'A' { b'B' } else { b'A' };
            let result = decrypt(&tampered, "x", PASSWORD);
            assert!(
                tampered == blob || result.is_err() || !result.unwrap().authentic,
                "byte {index}"
            );
        }
        for length in 1..blob.len() - 2 {
            let cut = decrypt(&blob[..length], "x", PASSWORD);
            let is_whole = cut == decrypt(&blob, "x", PASSWORD);
            assert!(
                length < 12 || is_whole || cut == Err(DecryptError::Damaged),
                "{length}"
            );
        }
        let headerless = format!("{}\n", STANDARD.encode(b"Salted_!and more"));
        assert_eq!(
            decrypt(headerless.as_bytes(), "x", PASSWORD),
            Err(DecryptError::Headerless)
        );
    }
}
