// SPDX-License-Identifier: Apache-2.0
// A link, a bus and a store that a test holds in its hand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/bus_port.hpp"
#include "gateway/link.hpp"
#include "gateway/store/store.hpp"

namespace busbar::gateway {

struct FakeLink final : Link {
    void start(Events given) override { events = std::move(given); }
    void send(std::string text) override { sent.push_back(std::move(text)); }
    void reconnect(std::uint16_t code) override { closed_with.push_back(code); }
    void set_password(Secret given) override { password = std::move(given); }
    void set_ping_interval(seconds interval) override { ping = interval; }
    void stop(std::function<void()> done) override { done(); }
    [[nodiscard]] LinkStatus status() const override { return {}; }

    Events events;
    std::vector<std::string> sent;
    std::vector<std::uint16_t> closed_with;
    Secret password;
    seconds ping{0};
};

struct FakeBus final : BusPort {
    void execute(const Command& command, const Cause& cause,
                 std::function<void(Result<void>)> done) override {
        commands.push_back(command);
        causes.push_back(cause);
        pending.push_back(std::move(done));
    }

    std::vector<Command> commands;
    std::vector<Cause> causes;
    std::vector<std::function<void(Result<void>)>> pending;
};

/// Keeps what was committed in memory; `broken` makes every commit fail.
struct FakeStore final : Store {
    ocpp::Saved load(const std::string&) override {
        ocpp::Saved saved;
        for (const auto& [key, body] : records) saved.records.push_back({key.first, key.second, body});
        saved.last_seq = last_seq;
        return saved;
    }
    std::vector<ocpp::QueuedMessage> queue(const std::string&, std::int64_t after,
                                           std::size_t limit) override {
        std::vector<ocpp::QueuedMessage> page;
        for (auto at = messages.upper_bound(after); at != messages.end() && page.size() < limit; ++at) {
            page.push_back(at->second);
        }
        return page;
    }
    std::int64_t queue_length(const std::string&) override {
        return static_cast<std::int64_t>(messages.size());
    }

    void put(const std::string&, ocpp::Record record) override {
        changes.push_back([this, record] { records[{record.kind, record.key}] = record.body; });
    }
    void erase(const std::string&, const std::string& kind, const std::string& key) override {
        changes.push_back([this, kind, key] { records.erase({kind, key}); });
    }
    void enqueue(const std::string&, ocpp::QueuedMessage message) override {
        changes.push_back([this, message] {
            messages[message.seq] = message;
            last_seq = message.seq;
        });
    }
    void dequeue(const std::string&, std::int64_t seq) override {
        changes.push_back([this, seq] { messages.erase(seq); });
    }
    Result<void> commit() override {
        ++attempts;
        committing();
        if (broken) return Error{Errc::io, "disk full"};
        for (const auto& change : changes) change();
        changes.clear();
        return {};
    }
    [[nodiscard]] bool dirty() const override { return !changes.empty(); }

    bool broken = false;
    std::function<void()> committing = [] {};
    int attempts = 0;  ///< to commit
    std::map<std::pair<std::string, std::string>, std::string> records;
    std::map<std::int64_t, ocpp::QueuedMessage> messages;
    std::int64_t last_seq = 0;
    std::vector<std::function<void()>> changes;
};

}  // namespace busbar::gateway
