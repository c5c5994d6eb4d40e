// SPDX-License-Identifier: Apache-2.0
#include "gateway/csms_request.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>

namespace busbar::gateway {
namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";  // RFC 3986 section 2.3

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::string from_hex(std::string_view digits) {
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned char byte = 0;
        std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock adds a final NUL
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace

std::string request_target(const config::Url& url, std::string_view charge_point) {
    std::string target = url.path + '/' + percent_encoded(charge_point);
    if (!url.query.empty()) target += '?' + url.query;
    return target;
}

std::string request_host(const config::Url& url) {
    const bool ipv6 = url.host.find(':') != std::string::npos;
    const std::string host = ipv6 ? '[' + url.host + ']' : url.host;
    return url.port == 443 ? host : fmt::format("{}:{}", host, url.port);
}

Secret basic_authorization(std::string_view charge_point, const Secret& password,
                           config::PasswordEncoding encoding) {
    const bool hex = encoding == config::PasswordEncoding::hex;
    const Secret bytes = hex ? Secret(from_hex(password.reveal())) : password;
    const Secret pair(fmt::format("{}:{}", charge_point, bytes.reveal()));
    return Secret("Basic " + base64(pair.reveal()));
}

}  // namespace busbar::gateway
