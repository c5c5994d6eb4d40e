// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/link_credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace busbar::gateway {
namespace {

/// With a certificate refused, TLS 1.3 closes only after the handshake.
bool is_refusal(LinkCause cause) {
    static constexpr std::array refusals{LinkCause::closed, LinkCause::cipher, LinkCause::http_401,
                                         LinkCause::http_404, LinkCause::http_other};
    return std::find(refusals.begin(), refusals.end(), cause) != refusals.end();
}

}  // namespace

void LinkCredentials::use(int profile, std::optional<int> fallback) {
    profile_ = profile;
    fallback_ = fallback;
    turn_ = 0;
}

bool LinkCredentials::counts(const std::shared_ptr<const ClientCertificate>& certificate) const {
    return certificate && certificate != refused_ && certificate->not_before <= now_();
}

std::vector<LinkCredentials::Candidate> LinkCredentials::candidates() const {
    std::vector<Candidate> list;
    const auto add = [&](int profile) {
        if (profile == 2) return list.push_back({profile, Shows::password});
        if (counts(book_.next())) list.push_back({profile, Shows::next});
        if (book_.client()) list.push_back({profile, Shows::client});
    };
    add(profile_);
    if (fallback_) add(*fallback_);
    if (list.empty()) list.push_back({profile_, Shows::client});  // refused there, and said so here
    return list;
}

std::shared_ptr<const LinkIdentity> LinkCredentials::next() {
    const auto list = candidates();
    shown_ = list[turn_ % list.size()];
    LinkIdentity identity{shown_.profile, nullptr, book_.link_roots()};
    if (shown_.shows == Shows::client) identity.client = book_.client();
    if (shown_.shows == Shows::next) identity.client = tried_ = book_.next();
    return std::make_shared<const LinkIdentity>(std::move(identity));
}

void LinkCredentials::worked(const std::vector<std::string>& chain) {
    // A dial that began before there was a new one says nothing of it.
    const bool was_tried = counts(book_.next()) && book_.next() == tried_;
    book_.verified_by(chain);
    const bool fell_back = shown_.profile != profile_;
    const bool old_one = shown_.shows == Shows::client && was_tried;
    if (old_one) refused_ = book_.next();
    if (shown_.shows == Shows::next) book_.promote();
    profile_in_use_ = shown_.profile;
    turn_ = 0;
    complaint_.clear();
    if (fell_back) complaint_ = fmt::format("security profile {} did not work", profile_);
    if (old_one) complaint_ = "the central system does not take the new certificate";
    if (!complaint_.empty())
        log_.warning("credentials_fell_back", complaint_ + ": what worked before is in use.");
}

void LinkCredentials::failed(const LinkFailure& failure) {
    if (is_refusal(failure.cause)) ++turn_;
}

ocpp::LinkSecurity LinkCredentials::facts() const {
    ocpp::LinkSecurity facts;
    facts.profile = profile_in_use_;
    const auto newest = counts(book_.next()) ? book_.next() : book_.client();
    if (newest) facts.client = {newest->not_before, newest->not_after};
    const auto& next = book_.next();
    if (next && next->not_before > now_()) facts.waiting_from = next->not_before;
    return facts;
}

}  // namespace busbar::gateway
