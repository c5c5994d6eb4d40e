// SPDX-License-Identifier: Apache-2.0
// What logging in is made of: random secrets, their digests, password hashes. libsodium stands behind it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"

namespace busbar::gateway {

/// 256 bits of the kernel's randomness in base64url: 43 characters.
std::string random_secret();
/// A short public name for something: 16 hexadecimal digits.
std::string random_id();
/// A password to be read from a screen or a label and typed in: 79 bits as abcd-efgh-jkmn-pqrs.
Secret random_password();

/// What is kept of a random secret: 64 hexadecimal digits that tell nothing of it.
std::string digest_of(std::string_view secret);
/// Takes the same time wherever two digests differ.
bool same_digest(std::string_view a, std::string_view b);

/// Argon2id with 19 MiB and two passes; "$argon2id$...". Any thread; 20 ms on a PC, a second on a small ARM.
/// Error (io): the memory cannot be had.
Result<std::string> hash_password(const Secret& password);
/// `hash` empty or not one of ours: false, after as long a time. Any thread.
bool password_matches(const std::string& hash, const Secret& password);

}  // namespace busbar::gateway
