// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/event_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/web/auth/secrets.hpp"
#include "gateway/web/problem.hpp"
#include "gateway/web/target.hpp"

namespace busbar::gateway {
namespace {

constexpr std::string_view resync = "event: resync\ndata: {}\n\n";

/// The value of a parameter of a raw query, decoded.
std::string parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        if (pair.substr(0, pair.find('=')) == name && pair.size() > name.size()) {
            const auto decoded = parse_target('/' + std::string(pair.substr(name.size() + 1)));
            return decoded ? decoded->path.substr(1) : std::string();
        }
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    }
    return {};
}

}  // namespace

EventStream::EventStream(std::function<bool(const Login&)> still)
    : still_(std::move(still)), run_(random_id().substr(0, 8)) {}

void EventStream::add_topic(const std::string& topic, Role least, Keeps keeps) {
    topics_[topic] = {least, keeps};
}

bool EventStream::is_heard(std::string_view topic) const {
    return std::any_of(clients_.begin(), clients_.end(), [=](const Client& client) {
        return client.stream->open() && client.topics.contains(topic);
    });
}

void EventStream::publish(const std::string& topic, std::string_view data) {
    const auto known = topics_.find(topic);
    if (known == topics_.end()) return;
    auto text = fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", run_, ++last_, topic, data);
    Event event{last_, topic, std::make_shared<const std::string>(std::move(text))};
    drop_gone();
    end_strangers();
    for (auto& client : clients_) {
        if (client.topics.contains(topic)) give(client, event);
    }
    keep(std::move(event), known->second.keeps);
}

void EventStream::keep(Event event, Keeps keeps) {
    if (keeps == Keeps::newest) {
        const auto old = std::find_if(kept_.begin(), kept_.end(),
                                      [&](const Event& other) { return other.topic == event.topic; });
        if (old != kept_.end()) {
            kept_bytes_ -= old->text->size();
            kept_.erase(old);
        }
    }
    kept_bytes_ += event.text->size();
    kept_.push_back(std::move(event));
    while (kept_.size() > most_kept || kept_bytes_ > most_kept_bytes) {
        dropped_ = kept_.front().number;
        kept_bytes_ -= kept_.front().text->size();
        kept_.pop_front();
    }
}

void EventStream::give(Client& client, const Event& event) {
    if (client.missed && !tell_missed(client)) return;
    if (!client.stream->send(*event.text)) client.missed = true;
}

/// Once the client has taken most of what waited: a page that is told each second to fetch all anew never
/// gets there.
bool EventStream::tell_missed(Client& client) {
    if (client.stream->queued() > ResponseStream::most_queued / 4) return false;
    client.missed = !client.stream->send(resync);
    return !client.missed;
}

void EventStream::ping() {
    for (auto& client : clients_) {
        if (!client.missed || tell_missed(client)) client.stream->send(": ping\n\n");
    }
    drop_gone();
}

bool EventStream::is_stranger(Client& client) {
    if (still_(client.login)) return false;
    client.stream->send("event: end\ndata: {\"code\":\"login_required\"}\n\n");
    client.stream->end();
    return true;
}

void EventStream::end_strangers() {
    std::erase_if(clients_, [this](Client& client) { return is_stranger(client); });
}

void EventStream::drop_gone() {
    std::erase_if(clients_, [](const Client& client) { return !client.stream->open(); });
}

std::optional<HttpResponse> EventStream::choose(const HttpRequest& request,
                                                std::set<std::string, std::less<>>& topics) const {
    const auto role = request.login->role;
    const auto asked = parameter(request.query, "topics");
    if (asked.empty()) {
        for (const auto& [name, topic] : topics_) {
            if (role >= topic.least) topics.insert(name);
        }
        return std::nullopt;
    }
    for (std::size_t begin = 0; begin <= asked.size();) {
        const auto end = std::min(asked.find(',', begin), asked.size());
        const auto name = asked.substr(begin, end - begin);
        begin = end + 1;
        const auto known = topics_.find(name);
        if (known == topics_.end()) {
            return problem_with({{"topic", name}}, 400, "no_topic",
                                fmt::format("There is no topic '{}'.", name));
        }
        const std::string least(name_of(known->second.least));
        if (role < known->second.least) {
            return problem_with(
                {{"role", least}, {"topic", name}}, 403, "role_required",
                fmt::format("The topic '{}' takes the role {} or a higher one.", name, least));
        }
        topics.insert(name);
    }
    return std::nullopt;
}

HttpResponse EventStream::listen(const HttpRequest& request) {
    std::set<std::string, std::less<>> topics;
    if (auto refused = choose(request, topics)) return *std::move(refused);
    drop_gone();
    if (clients_.size() >= most_clients) {
        auto response = problem(503, "too_many_streams", "Sixteen pages listen already.");
        response.headers.emplace_back("Retry-After", "15");
        return response;
    }
    HttpResponse response;
    response.content_type = "text/event-stream";
    response.stream =
        [this, login = *request.login, topics,
         last_id = std::string(request.field("Last-Event-ID"))](std::shared_ptr<ResponseStream> stream) {
            Client client{std::move(stream), login, topics};
            client.stream->send(": busbar\n\n");
            catch_up(client, last_id);
            clients_.push_back(std::move(client));
        };
    return response;
}

void EventStream::catch_up(Client& client, const std::string& last_id) {
    const auto dash = last_id.find('-');
    std::int64_t seen = 0;
    if (dash != std::string::npos) {
        std::from_chars(last_id.data() + dash + 1, last_id.data() + last_id.size(), seen);
    }
    const bool of_this_run = dash != std::string::npos && last_id.substr(0, dash) == run_ && seen <= last_;
    const bool resumes = of_this_run && seen >= dropped_;
    if (!last_id.empty() && !resumes) client.stream->send(resync);
    for (const auto& event : kept_) {
        if (!client.topics.contains(event.topic)) continue;
        const bool counts = resumes ? event.number > seen : topics_.at(event.topic).keeps == Keeps::newest;
        if (counts) give(client, event);
    }
}

}  // namespace busbar::gateway
