// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/accounts.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/atomic_file.hpp"
#include "gateway/web/auth/first_password.hpp"
#include "gateway/web/auth/secrets.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t most_waiting = 8;
constexpr int lower_priority = 10;
constexpr std::string_view cookie_name = "__Host-busbar=";
constexpr const char* first_password_file = "/first_password";
constexpr std::string_view bearer = "Bearer ";

const std::string& made(const std::string& dir) {
    ::mkdir(dir.c_str(), S_IRWXU);
    return dir;
}

std::string first_line(const std::string& file) {
    const auto text = file_content(file);
    return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace

std::string_view session_cookie(const HttpRequest& request) {
    std::string_view cookies = request.field("Cookie");
    while (!cookies.empty()) {
        const auto end = cookies.find(';');
        auto pair = cookies.substr(0, end);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.starts_with(cookie_name)) return pair.substr(cookie_name.size());
        cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    }
    return {};
}

Accounts::Accounts(Surroundings around)
    : around_(std::move(around)),
      users_(made(around_.dir) + "/users.json", around_.log),
      tokens_(around_.dir + "/tokens.json", around_.log),
      security_log_(
          around_.dir + "/security.log", [this] { return around_.now().utc; }, around_.log) {}

void Accounts::need_first_account(const std::string& password_file) {
    if (!users_.all().empty()) return;
    User user{first_user, Role::installer};
    const Secret password = password_file.empty() ? random_password() : Secret(first_line(password_file));
    if (password.empty()) {
        around_.log.warning("web_no_first_password",
                            password_file + " cannot be read, or its first line is empty.");
    }
    if (!password.empty()) {
        if (auto hash = hash_password(password)) user.password_hash = *std::move(hash);
    }
    if (const auto kept =
            keep_first_password(around_.dir + first_password_file, password, user.password_hash);
        !kept && !user.password_hash.empty())
        around_.log.error("label_not_kept", kept.error().detail);
    if (const auto kept = users_.put(user); !kept) {
        return around_.log.error("web_accounts_failed", kept.error().detail);
    }
    const char* next = user.password_hash.empty() ? "`busbarctl web password` makes its password."
                                                  : "`busbarctl label` tells its password.";
    around_.log.info("web_first_account", std::string("The first account is 'installer'. ") + next);
}

std::optional<Secret> Accounts::first_password() const {
    const auto* user = users_.find(first_user);
    const bool is_first = user != nullptr && user->must_change_password;
    return first_password_of(around_.dir + first_password_file, is_first ? user->password_hash : "");
}

const User* Accounts::living(const std::string& name) const {
    const auto* user = users_.find(name);
    return user != nullptr && !user->expired(around_.judged_at()) ? user : nullptr;
}

std::optional<Login> Accounts::identify(const HttpRequest& request) {
    if (request.login) return request.login;
    const auto authorization = request.field("Authorization");
    if (authorization.starts_with(bearer)) return by_token(authorization.substr(bearer.size()));
    if (!authorization.empty()) return std::nullopt;
    const auto cookie = session_cookie(request);
    return cookie.empty() ? std::nullopt : by_session(cookie);
}

std::optional<Login> Accounts::by_token(std::string_view secret) {
    const auto* token = tokens_.enter(secret, around_.judged_at());
    if (token == nullptr) return std::nullopt;
    Login login{token->user, token->role};
    login.token = token->id;
    if (token->user == control_socket_user) return login;
    const auto* user = living(token->user);
    if (user == nullptr) return std::nullopt;
    login.role = std::min(token->role, user->role);
    login.must_change_password = user->must_change_password;
    return login;
}

std::optional<Login> Accounts::by_session(std::string_view secret) {
    const auto* session = sessions_.enter(secret, around_.now().steady);
    if (session == nullptr) return std::nullopt;
    const auto* user = living(session->user);
    if (user == nullptr) return std::nullopt;
    Login login{user->name, user->role};
    login.must_change_password = user->must_change_password;
    login.session = session->id;
    return login;
}

bool Accounts::still(const Login& login) const {
    if (login.control_socket) return true;
    if (!login.session.empty()) {
        return sessions_.lasts(login.session, around_.now().steady) && living(login.user) != nullptr;
    }
    const auto* token = tokens_.find(login.token);
    return token != nullptr && token->expires_at > around_.judged_at() &&
           (token->user == control_socket_user || living(token->user) != nullptr);
}

void Accounts::note(const HttpRequest& request, const std::string& event, const std::string& detail) {
    const bool on_socket = request.login && request.login->control_socket;
    security_log_.add({event, request.login ? request.login->user : "",
                       on_socket ? std::string(control_socket_user) : request.remote, detail});
}

bool Accounts::enqueue(std::function<std::function<void()>()> work) {
    if (waiting_ >= most_waiting) return false;
    ++waiting_;
    if (!worker_) {
        worker_ = std::make_unique<Worker>("passwords");
        worker_->post([] { (void)::nice(lower_priority); });  // of that thread: charging goes first
    }
    worker_->post([this, work = std::move(work)] {
        auto end = work();
        boost::asio::post(around_.loop, [this, end = std::move(end)] {
            --waiting_;
            end();
        });
    });
    return true;
}

}  // namespace busbar::gateway
