// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/revocation.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

struct BioRelease {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

/// A certificate that is an anchor though somebody else signed it: that somebody's list cannot be checked.
bool is_of_the_anchor(X509_STORE_CTX* context, int error) {
    const bool of_issuer =
        error == X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER || error == X509_V_ERR_CRL_SIGNATURE_FAILURE;
    const auto* chain = X509_STORE_CTX_get0_chain(context);
    const int top = sk_X509_num(chain) - 1;
    if (!of_issuer || X509_STORE_CTX_get_error_depth(context) != top) return false;
    return (X509_get_extension_flags(sk_X509_value(chain, top)) & EXFLAG_SI) == 0;
}

int bear_what_is_not_there(int good, X509_STORE_CTX* context) {
    if (good != 0) return good;
    const int error = X509_STORE_CTX_get_error(context);
    const bool bearable = error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED ||
                          error == X509_V_ERR_CRL_NOT_YET_VALID || is_of_the_anchor(context, error);
    if (!bearable) return 0;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

UtcTime next_update_of(const X509_CRL& list) {
    std::tm parts{};
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(&list);
    if (next == nullptr || ASN1_TIME_to_tm(next, &parts) != 1) return UtcTime::max();
    return UtcTime(seconds(timegm(&parts)));
}

Error unusable(const std::string& file, const std::string& why) {
    return {Errc::invalid, fmt::format("central_system.crl_file {}: {}", file, why)};
}

}  // namespace

void RevocationListFree::operator()(X509_crl_st* list) const {
    X509_CRL_free(list);
}

Result<RevocationLists> read_revocation_lists(std::string_view pem) {
    ERR_clear_error();
    const std::unique_ptr<BIO, BioRelease> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    RevocationLists lists;
    while (X509_CRL* next = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr))
        lists.emplace_back(next);
    const bool at_the_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_the_end) return Error{Errc::invalid, "one of its lists is damaged"};
    if (lists.empty()) return Error{Errc::invalid, "it must hold at least one list in PEM: BEGIN X509 CRL"};
    return lists;
}

void refuse_revoked(x509_store_st& store, const Revoked& revoked) {
    if (!revoked) return;
    for (const auto& list : *revoked) X509_STORE_add_crl(&store, list.get());
    X509_STORE_set_flags(&store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    X509_STORE_set_verify_cb(&store, bear_what_is_not_there);
}

Result<RevocationFile> RevocationFile::open(std::string file) {
    RevocationFile opened;
    opened.file_ = std::move(file);
    opened.current();
    if (!opened.damage_.empty()) return Error{Errc::invalid, opened.damage_};
    return opened;
}

RevocationFile::Version RevocationFile::version_of(const std::string& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return {};
    constexpr std::int64_t giga = 1'000'000'000;
    return {facts.st_dev, facts.st_ino, facts.st_size, facts.st_ctim.tv_sec * giga + facts.st_ctim.tv_nsec};
}

Revoked RevocationFile::current() {
    if (file_.empty()) return nullptr;
    const auto version = version_of(file_);
    if (version == version_ && version != Version()) return lists_;
    version_ = version;
    auto read = read_revocation_lists(file_content(file_));
    damage_ = read ? std::string() : unusable(file_, read.error().detail).detail;
    if (read) lists_ = std::make_shared<const RevocationLists>(*std::move(read));
    return lists_;
}

std::vector<std::string> RevocationFile::warnings(UtcTime now) {
    const auto lists = current();
    std::vector<std::string> texts;
    if (!damage_.empty()) texts.push_back(damage_ + "; the lists that it had before count");
    const bool is_old = lists && std::any_of(lists->begin(), lists->end(),
                                             [&](const auto& list) { return next_update_of(*list) < now; });
    if (is_old) texts.push_back(unusable(file_, "a list is past the date of the next one: fetch it").detail);
    return texts;
}

}  // namespace busbar::gateway
