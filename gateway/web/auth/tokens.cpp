// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/tokens.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/web/auth/private_file.hpp"
#include "gateway/web/auth/secrets.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;

/// Tells people and scanners for lost secrets what they found.
constexpr std::string_view prefix = "busbar_";

json to_json(const Token& token) {
    return {{"id", token.id},         {"name", token.name},
            {"user", token.user},     {"role", name_of(token.role)},
            {"digest", token.digest}, {"expires_at", ocpp::to_iso8601(token.expires_at)}};
}

std::optional<Token> token_of(const json& entry) {
    const auto role = role_named(entry.at("role").get<std::string>());
    const auto expires = ocpp::parse_iso8601(entry.at("expires_at").get<std::string>());
    if (!role || !expires) return std::nullopt;
    return Token{entry.at("id"), entry.at("name"), entry.at("user"), *role, entry.at("digest"), *expires};
}

}  // namespace

Tokens::Tokens(std::string file, const Log& log) : file_(std::move(file)) {
    read_private_list(file_, "tokens", log, [this](const json& entry) {
        auto token = token_of(entry);
        const bool sound = token.has_value();
        if (sound) tokens_.push_back(*std::move(token));
        return sound;
    });
}

Result<std::string> Tokens::add(Token token) {
    if (tokens_.size() >= most) return Error{Errc::invalid, "32 tokens are the most: revoke one first"};
    const std::string secret = std::string(prefix) + random_secret();
    token.id = random_id();
    token.digest = digest_of(secret);
    auto tokens = tokens_;
    tokens.push_back(std::move(token));
    if (const auto kept = keep(std::move(tokens)); !kept) return kept.error();
    return secret;
}

const Token* Tokens::enter(std::string_view secret, UtcTime now) {
    const auto digest = digest_of(secret);
    for (auto& token : tokens_) {
        if (!same_digest(token.digest, digest)) continue;
        if (token.expires_at <= now) return nullptr;
        token.used_at = now;
        return &token;
    }
    return nullptr;
}

Result<void> Tokens::remove(std::string_view id) {
    auto tokens = tokens_;
    if (std::erase_if(tokens, [=](const Token& token) { return token.id == id; }) == 0) {
        return Error{Errc::invalid, "there is no such token"};
    }
    return keep(std::move(tokens));
}

Result<void> Tokens::remove_all_of(std::string_view user) {
    auto tokens = tokens_;
    if (std::erase_if(tokens, [=](const Token& token) { return token.user == user; }) == 0) return {};
    return keep(std::move(tokens));
}

const Token* Tokens::find(std::string_view id) const {
    const auto found =
        std::find_if(tokens_.begin(), tokens_.end(), [=](const Token& token) { return token.id == id; });
    return found == tokens_.end() ? nullptr : &*found;
}

Result<void> Tokens::keep(std::vector<Token> tokens) {
    auto list = json::array();
    for (const auto& token : tokens) list.push_back(to_json(token));
    if (auto kept = write_private_list(file_, "tokens", list); !kept) return kept;
    tokens_ = std::move(tokens);
    return {};
}

}  // namespace busbar::gateway
