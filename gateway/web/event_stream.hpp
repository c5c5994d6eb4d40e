// SPDX-License-Identifier: Apache-2.0
// What changes, pushed to whoever listens: server-sent events by topic.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/web/router.hpp"

namespace busbar::gateway {

/// Loop thread only. Bounded: the events that are kept for those who come back, and what waits for a slow
/// client, which misses events then and is told so (event `resync`): it had better fetch everything anew.
class EventStream {
  public:
    static constexpr std::size_t most_kept = 500;
    static constexpr std::size_t most_kept_bytes = 512 * 1024;
    static constexpr std::size_t most_clients = 16;

    enum class Keeps {
        all,    ///< each event counts
        newest  ///< an event makes those before it void; whoever begins to listen gets it at once
    };

    /// `still`: who began to listen may go on.
    explicit EventStream(std::function<bool(const Login&)> still);

    /// Before the first publish() of it. `least` may listen.
    void add_topic(const std::string& topic, Role least, Keeps keeps);

    /// `data`: JSON without line ends.
    void publish(const std::string& topic, std::string_view data);
    /// Somebody would get it: what is costly to make need not be made else.
    [[nodiscard]] bool is_heard(std::string_view topic) const;

    /// Each 15 s: a comment that keeps connections alive.
    void ping();
    /// Now and then: ends the streams of those whose login ended. They get nothing meanwhile.
    void end_strangers();

    /// GET ?topics=a,b with Last-Event-ID; without topics all that the role may hear.
    HttpResponse listen(const HttpRequest& request);

  private:
    struct Topic {
        Role least = Role::viewer;
        Keeps keeps = Keeps::all;
    };
    struct Event {
        std::int64_t number;
        std::string topic;
        std::shared_ptr<const std::string> text;  ///< as it goes to a client
    };
    struct Client {
        std::shared_ptr<ResponseStream> stream;
        Login login;
        std::set<std::string, std::less<>> topics;
        bool missed = false;  ///< something; to be told once there is room
    };

    void keep(Event event, Keeps keeps);
    static void give(Client& client, const Event& event);
    static bool tell_missed(Client& client);
    void catch_up(Client& client, const std::string& last_id);
    void drop_gone();
    bool is_stranger(Client& client);
    /// Empty, or the answer to topics that do not exist or are not for that role.
    std::optional<HttpResponse> choose(const HttpRequest& request,
                                       std::set<std::string, std::less<>>& topics) const;

    std::function<bool(const Login&)> still_;
    std::string run_;  ///< begins the ids of this run of the program
    std::map<std::string, Topic, std::less<>> topics_;
    std::deque<Event> kept_;
    std::size_t kept_bytes_ = 0;
    std::int64_t last_ = 0;
    std::int64_t dropped_ = 0;  ///< the newest event that is not kept any more
    std::vector<Client> clients_;
};

}  // namespace busbar::gateway
