// SPDX-License-Identifier: Apache-2.0
// All that decides who somebody is: users, sessions, tokens, and the thread that hashes passwords.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/auth/login_throttle.hpp"
#include "gateway/web/auth/security_log.hpp"
#include "gateway/web/auth/sessions.hpp"
#include "gateway/web/auth/tokens.hpp"
#include "gateway/web/auth/users.hpp"
#include "gateway/web/http.hpp"
#include "gateway/worker.hpp"

namespace busbar::gateway {

inline constexpr const char* first_user = "installer";
/// Who speaks over the control socket; nobody else can be called so.
inline constexpr std::string_view control_socket_user = "control-socket";

/// Loop thread only.
class Accounts {
  public:
    struct Surroundings {
        boost::asio::any_io_executor loop;
        std::string dir;  ///< holds users.json, tokens.json, security.log
        std::function<Now()> now;
        std::function<UtcTime()> judged_at;  ///< the time by which things expire
        Log log;
    };

    explicit Accounts(Surroundings around);

    /// Where there is no account yet the first is made, an installer. Its password is the first line of
    /// `password_file`; without one it is a random one, for the label. With a file that tells none nobody can
    /// log in until one is made over the control socket.
    void need_first_account(const std::string& password_file);
    /// Empty: it has been changed, or there never was one.
    [[nodiscard]] std::optional<Secret> first_password() const;

    /// Who sends this request by its session cookie or bearer token. Counts as seen.
    std::optional<Login> identify(const HttpRequest& request);
    /// Whether who asked once may still be answered: their session, token and account last.
    [[nodiscard]] bool still(const Login& login) const;

    Users& users() { return users_; }
    Sessions& sessions() { return sessions_; }
    [[nodiscard]] const Sessions& sessions() const { return sessions_; }
    Tokens& tokens() { return tokens_; }
    LoginThrottle& throttle() { return throttle_; }
    [[nodiscard]] const LoginThrottle& throttle() const { return throttle_; }
    SecurityLog& security_log() { return security_log_; }

    /// Notes what the sender of `request` did.
    void note(const HttpRequest& request, const std::string& event, const std::string& detail = {});

    [[nodiscard]] Now now() const { return around_.now(); }
    [[nodiscard]] UtcTime judged_at() const { return around_.judged_at(); }

    /// Runs `work` on the thread that hashes, then `done` on the loop. False: too many wait already.
    template <class T>
    [[nodiscard]] bool hash(std::function<T()> work, std::function<void(T)> done) {
        return enqueue([work = std::move(work), done = std::move(done)]() -> std::function<void()> {
            return [done, result = work()] { done(result); };
        });
    }

  private:
    [[nodiscard]] bool enqueue(std::function<std::function<void()>()> work);
    std::optional<Login> by_token(std::string_view secret);
    std::optional<Login> by_session(std::string_view secret);
    [[nodiscard]] const User* living(const std::string& name) const;

    Surroundings around_;
    Users users_;
    Sessions sessions_;
    Tokens tokens_;
    LoginThrottle throttle_;
    SecurityLog security_log_;
    std::size_t waiting_ = 0;
    std::unique_ptr<Worker> worker_;  ///< made when first needed
};

/// The session cookie's value in the header of a request; empty: there is none.
std::string_view session_cookie(const HttpRequest& request);

}  // namespace busbar::gateway
