// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate_book.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "gateway/certificates/certificate_checks.hpp"

namespace busbar::gateway {
namespace {

using ocpp::CertificateSignedStatus, ocpp::CertificateUse, ocpp::DeleteCertificateStatus,
    ocpp::InstallCertificateStatus;

/// Null: nobody of them.
const x509_st* signer_of(const x509_st& certificate, const Chain& known) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& one) { return is_signed_by(certificate, *one); });
    return found == known.end() ? nullptr : found->get();
}

bool is_known(const Chain& roots, const x509_st& certificate) {
    return std::any_of(roots.begin(), roots.end(),
                       [&](const auto& one) { return X509_cmp(one.get(), &certificate) == 0; });
}

std::shared_ptr<const ClientCertificate> shared(const Secret& pem) {
    if (pem.empty()) return nullptr;
    auto read = read_client_certificate(pem);
    if (!read) return nullptr;
    return std::make_shared<const ClientCertificate>(*std::move(read));
}

}  // namespace

CertificateBook::CertificateBook(std::string file, BookRules rules, const Log& log)
    : file_(std::move(file)), rules_(std::move(rules)), log_(log) {
    auto kept = read_kept_certificates(file_);
    if (kept) {
        kept_ = *std::move(kept);
    } else {
        log_.error(
            "certificates_damaged",
            kept.error().detail + ": the charge point has no certificates until it is given new ones.");
        if (kept.error().code == Errc::invalid) std::rename(file_.c_str(), (file_ + ".damaged").c_str());
    }
    take();
}

/// What cannot be kept does not count either.
bool CertificateBook::keep(KeptCertificates kept) {
    if (const auto written = write_kept_certificates(file_, kept); !written) {
        log_.error("certificates_not_kept", written.error().detail);
        return false;
    }
    kept_ = std::move(kept);
    take();
    return true;
}

void CertificateBook::take() {
    client_ = shared(kept_.client);
    next_ = shared(kept_.next);
    const auto signers = std::make_shared<Chain>();
    Texts for_link = kept_.central_system;
    for_link.insert(for_link.end(), kept_.replaced.begin(), kept_.replaced.end());
    link_roots_ = read_roots(for_link, *signers);
    manufacturer_ = read_roots(kept_.manufacturer, *signers);
    signers_ = signers;
}

/// The first of each text; those behind signed it, and are remembered as that alone.
CertificateBook::Roots CertificateBook::read_roots(const Texts& texts, Chain& signers) const {
    auto roots = std::make_shared<Chain>();
    for (const auto& text : texts) {
        auto read = read_certificates(text);
        if (!read) {
            log_.error("certificates_damaged", file_ + " holds a root that is none: " + read.error().detail);
            continue;
        }
        roots->push_back(std::move(read->front()));
        std::move(read->begin() + 1, read->end(), std::back_inserter(signers));
    }
    return roots;
}

/// The key that was asked a certificate for, else the one in use, for which there may be a new one too.
std::optional<Secret> CertificateBook::key_of(const x509_st& certificate) const {
    for (const auto* text : {&kept_.request_key, &kept_.next, &kept_.client}) {
        if (text->empty()) continue;
        const auto key = read_key(text->reveal());
        if (key && X509_check_private_key(&certificate, key->get()) == 1) return write_key(*key.value());
    }
    return std::nullopt;
}

ocpp::CertificateSignedVerdict CertificateBook::accept(const ocpp::CertificateSignedReq& request) {
    const auto& pem = request.certificateChain.str();
    const auto chain = read_client_chain(pem, *link_roots_, rules_.now(), rules_.revoked());
    if (!chain) return {CertificateSignedStatus::Rejected, chain.error().detail};
    const auto key = key_of(*chain->front());
    if (!key) return {CertificateSignedStatus::Rejected, "the certificate is not that of our key"};
    KeptCertificates kept = kept_;
    kept.next = Secret(write_certificates(*chain) + std::string(key->reveal()));
    kept.request_key = {};
    if (!keep(std::move(kept))) return {CertificateSignedStatus::Rejected, "it could not be kept"};
    log_.info("certificate_accepted", "A certificate for the charge point came and counts.",
              {{"sha256", describe(*chain->front()).sha256}});
    return {CertificateSignedStatus::Accepted, {}};
}

Result<void> CertificateBook::bring(std::string_view chain, const Secret& key) {
    const auto pair = read_client_pair(chain, key, rules_.now());
    if (!pair) return pair.error();
    KeptCertificates kept = kept_;
    kept.next = Secret(write_certificates(pair->chain) + std::string(write_key(*pair->key).reveal()));
    if (!keep(std::move(kept))) return Error{Errc::io, "the certificate could not be kept"};
    log_.info("certificate_brought", "Somebody at the gateway brought a certificate for the charge point.",
              {{"sha256", describe(*pair->chain.front()).sha256}});
    return {};
}

ocpp::InstallVerdict CertificateBook::install(CertificateUse use, std::string_view pem) {
    const bool for_link = use == CertificateUse::CentralSystemRootCertificate;
    const Chain& known = roots(use);
    const auto root = read_root(pem, rules_.now(), known);
    if (!root) return {InstallCertificateStatus::Rejected, root.error().detail, for_link};
    const bool taken_back = for_link && is_replaced(**root);
    if (is_known(known, **root) && !taken_back) return {InstallCertificateStatus::Accepted, {}};
    if (for_link && !taken_back && !may_follow(**root))
        return {InstallCertificateStatus::Rejected, "it is not signed by the root that it would replace",
                true};
    const bool replaces = for_link && rules_.one_root && !known.empty();
    if (!replaces && link_roots_->size() + manufacturer_->size() >= most_roots)
        return {InstallCertificateStatus::Rejected, "no more certificates can be installed"};
    KeptCertificates kept = kept_;
    put_root(kept, use, **root);
    if (!keep(std::move(kept))) return {InstallCertificateStatus::Failed, "it could not be kept"};
    log_.info("root_installed", "A root certificate was installed.",
              {{"use", std::string(ocpp::name_of(use))}, {"sha256", describe(**root).sha256}});
    return {InstallCertificateStatus::Accepted, {}};
}

bool CertificateBook::may_follow(const x509_st& root) const {
    return !rules_.one_root || link_roots_->empty() || signer_of(root, *link_roots_) != nullptr;
}

bool CertificateBook::is_replaced(const x509_st& root) const {
    const auto text = write_certificate(root);
    return std::any_of(kept_.replaced.begin(), kept_.replaced.end(),
                       [&](const auto& one) { return one.starts_with(text); });
}

/// What has worked stays beside a root that takes its place; of two that have not, the newer.
void CertificateBook::put_root(KeptCertificates& kept, CertificateUse use, const x509_st& root) const {
    const bool for_link = use == CertificateUse::CentralSystemRootCertificate;
    std::string text = write_certificate(root);
    const bool again =
        std::erase_if(kept.replaced, [&](const auto& one) { return one.starts_with(text); }) > 0;
    const auto* signer = is_signed_by(root, root) ? nullptr : signer_of(root, roots(use));
    if (signer != nullptr) text += write_certificate(*signer);
    if (rules_.one_root && for_link) {
        auto before = std::exchange(kept.central_system, {});
        if (kept.replaced.empty() && !again) kept.replaced = std::move(before);
    }
    (for_link ? kept.central_system : kept.manufacturer).push_back(std::move(text));
}

void CertificateBook::verified_by(const std::vector<std::string>& chain) {
    const auto installed = [&](const std::string& sha256) {
        return std::any_of(link_roots_->begin(), link_roots_->end(),
                           [&](const auto& root) { return describe(*root).sha256 == sha256; });
    };
    const auto found = std::find_if(chain.begin(), chain.end(), installed);
    root_in_use_ = found == chain.end() ? std::string() : *found;
    const auto newest = kept_.central_system.empty() ? Result<CertificateFacts>(Error{})
                                                     : describe(kept_.central_system.back());
    if (kept_.replaced.empty() || !newest || newest->sha256 != root_in_use_) return;
    KeptCertificates kept = kept_;
    kept.replaced.clear();
    if (keep(std::move(kept)))
        log_.info("root_in_use", "The new root certificate has worked: the one before is forgotten.",
                  {{"sha256", root_in_use_}});
}

DeleteCertificateStatus CertificateBook::remove(const ocpp::CertificateHashData& wanted) {
    return remove_where([&](const x509_st& root) {
        return is_same(hash_data(root, issuer_of(root), wanted.hashAlgorithm), wanted);
    });
}

DeleteCertificateStatus CertificateBook::remove(std::string_view sha256) {
    return remove_where([&](const x509_st& root) { return describe(root).sha256 == sha256; });
}

DeleteCertificateStatus CertificateBook::remove_where(const IsWanted& is_wanted) {
    KeptCertificates kept = kept_;
    const auto take_out = [&](const Chain& known, std::vector<std::string>& texts) {
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& one) { return is_wanted(*one); });
        if (found == known.end()) return std::string();
        const auto text = write_certificate(**found);
        std::erase_if(texts, [&](const auto& one) { return one.starts_with(text); });
        return describe(**found).sha256;
    };
    auto gone = take_out(*link_roots_, kept.central_system);
    if (!gone.empty()) take_out(*link_roots_, kept.replaced);
    if (!gone.empty() && gone == root_in_use_) return DeleteCertificateStatus::Failed;
    if (gone.empty()) gone = take_out(*manufacturer_, kept.manufacturer);
    if (gone.empty()) return DeleteCertificateStatus::NotFound;
    if (!keep(std::move(kept))) return DeleteCertificateStatus::Failed;
    log_.info("root_deleted", "A root certificate was deleted.", {{"sha256", gone}});
    return DeleteCertificateStatus::Accepted;
}

/// By whose key OCPP names it: its own, or that of whoever signed it, who may be trusted no more.
const x509_st& CertificateBook::issuer_of(const x509_st& certificate) const {
    if (is_signed_by(certificate, certificate)) return certificate;
    const auto* signer = signer_of(certificate, *signers_);
    return signer != nullptr ? *signer : certificate;
}

const Chain& CertificateBook::roots(CertificateUse use) const {
    return use == CertificateUse::CentralSystemRootCertificate ? *link_roots_ : *manufacturer_;
}

std::vector<ocpp::CertificateHashData> CertificateBook::installed(CertificateUse use) const {
    const Chain& known = roots(use);
    std::vector<ocpp::CertificateHashData> list;
    for (const auto& root : known)
        list.push_back(hash_data(*root, issuer_of(*root), ocpp::HashAlgorithm::SHA256));
    return list;
}

Result<void> CertificateBook::keep_request_key(Secret key) {
    KeptCertificates kept = kept_;
    kept.request_key = std::move(key);
    if (keep(std::move(kept))) return {};
    return Error{Errc::io, "the new key could not be kept"};
}

void CertificateBook::promote() {
    if (!next_) return;
    KeptCertificates kept = kept_;
    kept.client = std::exchange(kept.next, {});
    if (keep(std::move(kept)))
        log_.info("certificate_in_use", "The new certificate of the charge point has worked.");
}

}  // namespace busbar::gateway
