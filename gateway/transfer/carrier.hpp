// SPDX-License-Identifier: Apache-2.0
// Exchanges side by side on one thread of their own: libcurl's multi handle on a worker.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "gateway/transfer/exchange.hpp"
#include "gateway/worker.hpp"

namespace busbar::gateway {

/// Loop thread only.
class Carrier {
  public:
    using Id = std::uint64_t;
    using Done = std::function<void(const ExchangeEnd&)>;

    explicit Carrier(boost::asio::any_io_executor loop);
    ~Carrier();  ///< what is under way ends without a word, within half a second
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;

    /// `done` is called once, later, on the loop; never after cancel().
    Id start(ExchangeSpec spec, Done done);
    void cancel(Id id);

    /// Work that would hold up the loop, as packing and hashing; `done` as above.
    Id run(std::function<Result<void>()> work, std::function<void(const Result<void>&)> done);

  private:
    struct Multi;  ///< lives on the worker's thread

    void ended(Id id, const ExchangeEnd& end);

    boost::asio::any_io_executor loop_;
    std::map<Id, Done> waiting_;
    Id last_ = 0;
    std::shared_ptr<Carrier*> self_;  ///< null once we are gone
    std::unique_ptr<Multi> multi_;
    Worker worker_;
};

}  // namespace busbar::gateway
