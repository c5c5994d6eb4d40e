// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/connection_test.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t all_steps = 9;
constexpr milliseconds between_looks{200};

}  // namespace

ConnectionTest::ConnectionTest(ConnectionSurroundings& around, std::string charge_point, Events events)
    : around_(around),
      events_(std::move(events)),
      subject_{around.url().host, around.url().port, std::move(charge_point)},
      steps_(std::make_unique<Json>(Json::array())),
      timer_(around.loop) {}

ConnectionTest::~ConnectionTest() = default;

void ConnectionTest::start() {
    steps_->push_back(uplink_step(around_.uplinks(), around_.has_uplinks()));
    steps_->push_back(clock_step(around_.time_source()));
    tell(false);
    dial_ =
        std::make_shared<TlsDial>(around_.loop, around_.path(), around_.tls, subject_.host, subject_.port);
    dial_->start([self = shared_from_this()](const Dialled& dialled) { self->dialled(dialled); });
}

void ConnectionTest::cancel() {
    over_ = true;
    if (dial_) dial_->cancel();
    if (probe_) probe_->cancel();
    timer_.cancel();
}

void ConnectionTest::dialled(const Dialled& dialled) {
    if (over_) return;
    if (dialled.failure && dialled.step == DialStep::tls) {
        add(dial_steps(dialled, subject_, around_.now()));
        return look_for_portal();
    }
    add(dial_steps(dialled, subject_, around_.now()));
    if (dialled.failure || subject_.charge_point.empty()) return finish();
    watch_link();
}

/// TLS failed: is it the central system that does not speak it, or somebody in between?
void ConnectionTest::look_for_portal() {
    ProbeOrder order;
    order.central = {subject_.host, subject_.port};
    probe_ = std::make_shared<Probe>(around_.loop, around_.path(), around_.tls, order);
    probe_->start([self = shared_from_this()](const ProbeOutcome& outcome) {
        if (self->over_) return;
        if (outcome.intercepted && !outcome.portal.empty())
            self->steps_->back() = intercepted_step(outcome.portal);
        self->finish();
    });
}

void ConnectionTest::watch_link() {
    watched_since_ = around_.now().steady;
    tell(false);
    around_.hurry();
    look_at_link();
}

/// A link that is up is told at once; of one that is down the next failure, or that it came up.
void ConnectionTest::look_at_link() {
    const auto facts = events_.link();
    const Now now = around_.now();
    if (!facts) return finish();
    const auto& link = facts->link;
    if (link.state == LinkState::connected) {
        if (!connected_since_) connected_since_ = now.steady;
        const bool patience_over = now.steady >= *connected_since_ + boot_patience;
        if (facts->registration || patience_over) {
            add(live_steps(link, facts->registration, now));
            if (!facts->registration) steps_->push_back(unanswered_boot_step());
            return finish();
        }
    } else if (link.state == LinkState::waiting && link.since >= watched_since_) {
        add(failed_upgrade_steps(link, subject_));
        return finish();
    } else if (now.steady >= watched_since_ + dial_patience) {
        steps_->push_back(unanswered_upgrade_step());
        return finish();
    }
    timer_.expires_after(between_looks);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && !self->over_) self->look_at_link();
    });
}

void ConnectionTest::add(const Json& steps) {
    for (const auto& one : steps) steps_->push_back(one);
}

void ConnectionTest::tell(bool over) {
    over_ = over_ || over;
    Json result{{"url_host", fmt::format("{}:{}", subject_.host, subject_.port)}};
    result["charge_point"] = subject_.charge_point.empty() ? Json(nullptr) : Json(subject_.charge_point);
    result["passed"] = over ? Json(!any_failed(*steps_)) : Json(nullptr);
    result["steps"] = *steps_;
    const double progress = static_cast<double>(steps_->size()) / static_cast<double>(all_steps + 1);
    events_.told(over ? 1 : progress, text_of(result), over);
}

}  // namespace busbar::gateway
