// SPDX-License-Identifier: Apache-2.0
// The keys, certificates and roots of one charge point, as they count, and what the central system may change
// about them (security whitepaper, edition 3, use cases A02 and M03 to M05).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/certificates/kept_certificates.hpp"
#include "gateway/certificates/link_identity.hpp"
#include "gateway/certificates/revocation.hpp"
#include "ocpp/certificate_work.hpp"

namespace busbar::gateway {

/// By what certificates are judged.
struct BookRules {
    std::function<UtcTime()> now;
    std::function<Revoked()> revoked = [] { return nullptr; };  ///< null: no lists
    /// One CentralSystemRootCertificate at a time: a further one has to be signed by the one it replaces,
    /// which stays until a connection was verified by the new one.
    bool one_root = false;
};

/// Each charge point has its own: who can speak for one, with its password, must not decide whom the others
/// trust, and the list that one is told is what was installed through it. Loop thread only.
/// - An answer is given once what it promises is on the disk.
/// - A client certificate that was accepted is `next` until a connection has been made with it; the one
/// before
///   it stays until then.
class CertificateBook {
  public:
    static constexpr std::size_t most_roots = 10;  ///< key CertificateStoreMaxLength; of both uses together

    /// Reads `file`. One that is damaged is put aside as `file`.damaged and logged; then nothing is kept.
    CertificateBook(std::string file, BookRules rules, const Log& log);

    ocpp::CertificateSignedVerdict accept(const ocpp::CertificateSignedReq& request);
    ocpp::InstallVerdict install(ocpp::CertificateUse use, std::string_view pem);
    ocpp::DeleteCertificateStatus remove(const ocpp::CertificateHashData& wanted);

    /// Of somebody at the gateway: a client certificate with its key, `next` as one that was accepted. Error:
    /// invalid (see read_client_pair), io.
    Result<void> bring(std::string_view chain, const Secret& key);
    /// By the SHA-256 fingerprint, as describe() has it, of either use.
    ocpp::DeleteCertificateStatus remove(std::string_view sha256);
    [[nodiscard]] std::vector<ocpp::CertificateHashData> installed(ocpp::CertificateUse use) const;

    /// Of the newest SignCertificate; the key of an earlier one is forgotten.
    Result<void> keep_request_key(Secret key);

    /// A connection was made with `next`: it takes the place of the one before.
    void promote();

    /// The connection there is was verified by this chain of SHA-256 fingerprints, the peer's own first: the
    /// first of them that is installed cannot be deleted, and what a new root replaced goes once that has
    /// worked.
    void verified_by(const std::vector<std::string>& chain);

    /// Null: there is none.
    [[nodiscard]] std::shared_ptr<const ClientCertificate> client() const { return client_; }
    [[nodiscard]] std::shared_ptr<const ClientCertificate> next() const { return next_; }
    /// CentralSystemRootCertificates, also one that was replaced: for the link to trust.
    [[nodiscard]] std::shared_ptr<const Chain> link_roots() const { return link_roots_; }
    /// CentralSystemRootCertificates, or ManufacturerRootCertificates.
    [[nodiscard]] const Chain& roots(ocpp::CertificateUse use) const;

  private:
    using Roots = std::shared_ptr<const Chain>;
    using Texts = std::vector<std::string>;

    [[nodiscard]] bool keep(KeptCertificates kept);
    [[nodiscard]] bool may_follow(const x509_st& root) const;
    [[nodiscard]] bool is_replaced(const x509_st& root) const;
    void put_root(KeptCertificates& kept, ocpp::CertificateUse use, const x509_st& root) const;
    void take();
    [[nodiscard]] Roots read_roots(const Texts& texts, Chain& signers) const;
    [[nodiscard]] const x509_st& issuer_of(const x509_st& certificate) const;
    [[nodiscard]] std::optional<Secret> key_of(const x509_st& certificate) const;
    using IsWanted = std::function<bool(const x509_st& root)>;
    [[nodiscard]] ocpp::DeleteCertificateStatus remove_where(const IsWanted& is_wanted);

    std::string file_;
    BookRules rules_;
    Log log_;
    KeptCertificates kept_;
    std::shared_ptr<const ClientCertificate> client_;
    std::shared_ptr<const ClientCertificate> next_;
    Roots link_roots_;
    Roots manufacturer_;
    Roots signers_;  ///< of roots that did not sign themselves; not trusted for that
    std::string root_in_use_;
};

}  // namespace busbar::gateway
