// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate_book.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>

#include "gateway/certificates/certificate_checks.hpp"

namespace busbar::gateway {
namespace {

using ocpp::CertificateSignedStatus, ocpp::DeleteCertificateStatus, ocpp::InstallCertificateStatus;

/// One that signed itself, else whoever of `known` signed it.
const x509_st& issuer_of(const x509_st& certificate, const Chain& known) {
    if (is_signed_by(certificate, certificate)) return certificate;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& one) { return is_signed_by(certificate, *one); });
    if (found == known.end()) return certificate;
    return **found;
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

CertificateBook::CertificateBook(std::string file, std::function<UtcTime()> now, const Log& log)
    : file_(std::move(file)), now_(std::move(now)), log_(log) {
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
    central_system_ = read_roots(kept_.central_system);
    manufacturer_ = read_roots(kept_.manufacturer);
}

CertificateBook::Roots CertificateBook::read_roots(const std::vector<std::string>& texts) const {
    auto roots = std::make_shared<Chain>();
    for (const auto& text : texts) {
        auto read = read_certificates(text);
        if (read) {
            roots->push_back(std::move(read->front()));
        } else {
            log_.error("certificates_damaged", file_ + " holds a root that is none: " + read.error().detail);
        }
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
    const auto chain = read_client_chain(pem, *central_system_, now_());
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
    const auto pair = read_client_pair(chain, key, now_());
    if (!pair) return pair.error();
    KeptCertificates kept = kept_;
    kept.next = Secret(write_certificates(pair->chain) + std::string(write_key(*pair->key).reveal()));
    if (!keep(std::move(kept))) return Error{Errc::io, "the certificate could not be kept"};
    log_.info("certificate_brought", "Somebody at the gateway brought a certificate for the charge point.",
              {{"sha256", describe(*pair->chain.front()).sha256}});
    return {};
}

ocpp::InstallVerdict CertificateBook::install(ocpp::CertificateUse use, std::string_view pem) {
    const bool for_link = use == ocpp::CertificateUse::CentralSystemRootCertificate;
    const Chain& known = roots(use);
    const auto root = read_root(pem, now_(), known);
    if (!root) return {InstallCertificateStatus::Rejected, root.error().detail, for_link};
    if (is_known(known, **root)) return {InstallCertificateStatus::Accepted, {}};
    if (central_system_->size() + manufacturer_->size() >= most_roots)
        return {InstallCertificateStatus::Rejected, "no more certificates can be installed"};
    KeptCertificates kept = kept_;
    (for_link ? kept.central_system : kept.manufacturer).push_back(write_certificate(**root));
    if (!keep(std::move(kept))) return {InstallCertificateStatus::Failed, "it could not be kept"};
    log_.info("root_installed", "A root certificate was installed.",
              {{"use", std::string(ocpp::name_of(use))}, {"sha256", describe(**root).sha256}});
    return {InstallCertificateStatus::Accepted, {}};
}

DeleteCertificateStatus CertificateBook::remove(const ocpp::CertificateHashData& wanted) {
    return remove_where([&](const x509_st& root, const Chain& known) {
        return is_same(hash_data(root, issuer_of(root, known), wanted.hashAlgorithm), wanted);
    });
}

DeleteCertificateStatus CertificateBook::remove(std::string_view sha256) {
    return remove_where([&](const x509_st& root, const Chain&) { return describe(root).sha256 == sha256; });
}

DeleteCertificateStatus CertificateBook::remove_where(const IsWanted& is_wanted) {
    KeptCertificates kept = kept_;
    const auto take_out = [&](const Chain& known, std::vector<std::string>& texts) {
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& one) { return is_wanted(*one, known); });
        if (found == known.end()) return std::string();
        std::erase(texts, write_certificate(**found));
        return describe(**found).sha256;
    };
    auto gone = take_out(*central_system_, kept.central_system);
    if (!gone.empty() && gone == root_in_use_) return DeleteCertificateStatus::Failed;
    if (gone.empty()) gone = take_out(*manufacturer_, kept.manufacturer);
    if (gone.empty()) return DeleteCertificateStatus::NotFound;
    if (!keep(std::move(kept))) return DeleteCertificateStatus::Failed;
    log_.info("root_deleted", "A root certificate was deleted.", {{"sha256", gone}});
    return DeleteCertificateStatus::Accepted;
}

const Chain& CertificateBook::roots(ocpp::CertificateUse use) const {
    return use == ocpp::CertificateUse::CentralSystemRootCertificate ? *central_system_ : *manufacturer_;
}

std::vector<ocpp::CertificateHashData> CertificateBook::installed(ocpp::CertificateUse use) const {
    const Chain& known = roots(use);
    std::vector<ocpp::CertificateHashData> list;
    for (const auto& root : known)
        list.push_back(hash_data(*root, issuer_of(*root, known), ocpp::HashAlgorithm::SHA256));
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
