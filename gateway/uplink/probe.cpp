// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/probe.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace busbar::gateway {
namespace {

/// Their certificate is not the central system's, or they do not speak TLS at all.
constexpr std::array<LinkCause, 3> others_words{LinkCause::unknown_ca, LinkCause::host_mismatch,
                                                LinkCause::tls_version};
/// Only while the clock is right does this tell of them and not of us.
constexpr std::array<LinkCause, 2> clocks_words{LinkCause::expired, LinkCause::not_yet_valid};

template <std::size_t size>
bool is_one_of(const std::array<LinkCause, size>& causes, LinkCause cause) {
    return std::find(causes.begin(), causes.end(), cause) != causes.end();
}

/// Somebody spoke, but not as the central system would.
bool was_answered_oddly(const Dialled& dialled) {
    return dialled.failure && dialled.step == DialStep::tls && dialled.failure->cause != LinkCause::timeout;
}

}  // namespace

HostPort host_port(const std::string& text) {
    const auto colon = text.rfind(':');
    HostPort target{text.substr(0, colon), 0};
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), target.port);
    if (target.host.starts_with('[')) target.host = target.host.substr(1, target.host.size() - 2);
    return target;
}

bool is_intercepted(const Dialled& dialled, bool clock_is_sane, const std::string& portal) {
    if (!was_answered_oddly(dialled)) return false;
    const LinkCause cause = dialled.failure->cause;
    if (is_one_of(clocks_words, cause)) return clock_is_sane && !portal.empty();
    return is_one_of(others_words, cause) || !portal.empty();
}

Probe::Probe(boost::asio::io_context& loop, Path path, const TlsClient& tls, ProbeOrder order)
    : loop_(loop), path_(std::move(path)), tls_(tls), order_(std::move(order)) {}

void Probe::start(Handler handler) {
    handler_ = std::move(handler);
    const auto self = shared_from_this();
    dials_.push_back(
        dial(order_.central, order_.depth, [self](Dialled dialled) { self->dialled(std::move(dialled)); }));
    neutral_open_ = order_.neutral.size();
    for (const auto& target : order_.neutral) {
        dials_.push_back(
            dial(target, DialStep::tcp, [self](const Dialled& dialled) { self->neutral_dialled(dialled); }));
    }
}

std::shared_ptr<TlsDial> Probe::dial(const HostPort& target, DialStep depth, TlsDial::Handler handler) {
    const DialLimits limits{depth, order_.timeout, order_.timeout, order_.timeout};
    auto dial = std::make_shared<TlsDial>(loop_, path_, tls_, target.host, target.port, limits);
    dial->start(std::move(handler));
    return dial;
}

void Probe::cancel() {
    handler_ = nullptr;
    for (const auto& dial : std::exchange(dials_, {})) dial->cancel();
    if (const auto check = std::exchange(portal_check_, nullptr)) check->cancel();
}

void Probe::dialled(Dialled dialled) {
    dialled_ = std::move(dialled);
    dialled_.stream.reset();
    outcome_.step = dialled_.step;
    outcome_.failure = dialled_.failure;
    outcome_.stale_address = dialled_.stale_address;
    outcome_.took = dialled_.connected_after;
    if (was_answered_oddly(dialled_)) return look_for_portal();
    central_open_ = false;
    finish();
}

void Probe::look_for_portal() {
    portal_check_ = std::make_shared<PortalCheck>(loop_, path_, order_.central.host);
    portal_check_->start(order_.timeout, [self = shared_from_this()](std::string portal) {
        self->outcome_.intercepted = is_intercepted(self->dialled_, self->order_.clock_is_sane, portal);
        if (self->outcome_.intercepted) self->outcome_.portal = std::move(portal);
        self->central_open_ = false;
        self->finish();
    });
}

void Probe::neutral_dialled(const Dialled& dialled) {
    --neutral_open_;
    outcome_.neutral_answers = outcome_.neutral_answers.value_or(false) || !dialled.failure;
    finish();
}

/// A probe that passed waits for no neutral target, and one that answers is enough.
void Probe::finish() {
    const bool neutral_known = neutral_open_ == 0 || outcome_.neutral_answers.value_or(false);
    if (!handler_ || central_open_ || (outcome_.failure && !neutral_known)) return;
    if (outcome_.passed()) outcome_.neutral_answers.reset();
    const auto handler = std::exchange(handler_, nullptr);
    cancel();
    handler(std::move(outcome_));
}

}  // namespace busbar::gateway
