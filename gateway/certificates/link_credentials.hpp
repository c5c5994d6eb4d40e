// SPDX-License-Identifier: Apache-2.0
// What the next dial of a charge point shows: the security profile and certificate that are wanted, or, where
// the central system refuses them, those that worked before.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/certificates/certificate_book.hpp"
#include "gateway/link_failure.hpp"
#include "ocpp/certificate_work.hpp"

namespace busbar::gateway {

/// A dial that failed on the way to the central system says nothing of what it would have shown, and nor does
/// one that did not like the central system's own certificate. Loop thread only.
class LinkCredentials {
  public:
    LinkCredentials(CertificateBook& book, std::function<UtcTime()> now, const Log& log)
        : book_(book), now_(std::move(now)), log_(log) {}

    void use(int profile, std::optional<int> fallback);

    /// For the dial that begins.
    [[nodiscard]] std::shared_ptr<const LinkIdentity> next();
    /// The dial's connection came about; `chain`: see verified_chain().
    void worked(const std::vector<std::string>& chain);
    void failed(const LinkFailure& failure);

    [[nodiscard]] ocpp::LinkSecurity facts() const;
    [[nodiscard]] int wanted_profile() const { return profile_; }
    /// "": what is wanted is in use, or was not tried yet.
    [[nodiscard]] const std::string& complaint() const { return complaint_; }

  private:
    enum class Shows { password, client, next };
    struct Candidate {
        int profile;
        Shows shows;
    };

    [[nodiscard]] bool counts(const std::shared_ptr<const ClientCertificate>& certificate) const;
    [[nodiscard]] std::vector<Candidate> candidates() const;

    CertificateBook& book_;
    std::function<UtcTime()> now_;
    Log log_;
    int profile_ = 2;
    std::optional<int> fallback_;
    std::size_t turn_ = 0;  ///< which of the candidates
    Candidate shown_{2, Shows::password};
    int profile_in_use_ = 2;
    std::shared_ptr<const ClientCertificate> tried_;    ///< the newest `next` that a dial has shown
    std::shared_ptr<const ClientCertificate> refused_;  ///< a `next` that did not work where the old one did
    std::string complaint_;
};

}  // namespace busbar::gateway
