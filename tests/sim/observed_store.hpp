// SPDX-License-Identifier: Apache-2.0
// The real store with a witness beside it: what was promised to be durable, and when.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "gateway/store/store.hpp"
#include "tests/sim/mortality.hpp"
#include "tests/sim/witness.hpp"

namespace busbar::simulation {

class ObservedStore final : public gateway::Store {
  public:
    using Witnesses = std::function<Witness&(const std::string& charge_point)>;

    ObservedStore(std::unique_ptr<Store> store, const Mortality& mortality, Witnesses witnesses,
                  std::function<void()> committed)
        : store_(std::move(store)),
          mortality_(mortality),
          witness_(std::move(witnesses)),
          committed_(std::move(committed)) {}

    ocpp::Saved load(const std::string& charge_point) override {
        auto saved = store_->load(charge_point);
        if (mortality_.alive()) witness_(charge_point).on_loaded(saved);
        return saved;
    }
    std::vector<ocpp::QueuedMessage> queue(const std::string& charge_point, std::int64_t after,
                                           std::size_t limit) override {
        return store_->queue(charge_point, after, limit);
    }
    std::int64_t queue_length(const std::string& charge_point) override {
        return store_->queue_length(charge_point);
    }
    void put(const std::string& charge_point, ocpp::Record record) override {
        store_->put(charge_point, std::move(record));
    }
    void erase(const std::string& charge_point, const std::string& kind, const std::string& key) override {
        store_->erase(charge_point, kind, key);
    }
    void enqueue(const std::string& charge_point, ocpp::QueuedMessage message) override {
        if (mortality_.alive()) witness_(charge_point).on_enqueued(message);
        store_->enqueue(charge_point, std::move(message));
    }
    void dequeue(const std::string& charge_point, std::int64_t seq) override {
        if (mortality_.alive()) witness_(charge_point).messages.on_dequeued(seq);
        store_->dequeue(charge_point, seq);
    }
    Result<void> commit() override {
        auto result = store_->commit();
        if (result && mortality_.alive()) committed_();
        return result;
    }
    [[nodiscard]] bool dirty() const override { return store_->dirty(); }

  private:
    std::unique_ptr<Store> store_;
    const Mortality& mortality_;
    Witnesses witness_;
    std::function<void()> committed_;
};

}  // namespace busbar::simulation
