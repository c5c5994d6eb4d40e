// SPDX-License-Identifier: Apache-2.0
// Which retained messages the broker does not have yet: the newest of each topic, nothing else is kept. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "gateway/mqtt/discovery.hpp"

namespace busbar::gateway {

/// Holds as many messages as there are topics, however long the broker is away.
class Outbox {
  public:
    /// All that is to be retained at the broker from now on. What was and is not any more is taken back.
    void want(const Retained& messages);
    /// The broker forgot, or is another: all goes again.
    void forget();

    struct Message {
        const std::string& topic;
        const std::string& payload;
    };
    [[nodiscard]] bool empty() const { return waiting_ == 0; }
    /// The next that is to be sent. REQUIRES: !empty().
    [[nodiscard]] Message next() const;
    /// next() is at the broker.
    void sent();

  private:
    struct Entry {
        std::string payload;
        bool sent = false;
    };
    using Entries = std::map<std::string, Entry>;

    void change(Entry& entry, std::string payload);
    [[nodiscard]] Entries::const_iterator first_waiting() const;

    Entries entries_;
    std::size_t waiting_ = 0;
};

}  // namespace busbar::gateway
