// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/certificate_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t most_addresses = 32;
constexpr std::chrono::days back{1};      // for clocks of clients that are behind
constexpr std::chrono::days life{800};    // some browsers take none of more than 825
constexpr std::chrono::days renewed{30};  // before its end

bool is_loopback(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = boost::asio::ip::make_address(address, error);
    return !error && parsed.is_loopback();
}

bool has(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

CertificateStore::CertificateStore(std::string dir, std::function<UtcTime()> now, Log log)
    : dir_(std::move(dir)), now_(std::move(now)), log_(std::move(log)) {}

std::vector<std::string> CertificateStore::wanted_addresses() const {
    auto addresses = names_.addresses;
    std::erase_if(addresses, is_loopback);
    if (addresses.size() > most_addresses) addresses.resize(most_addresses);
    return addresses;
}

bool CertificateStore::fits(const CertificateFacts& facts) const {
    const auto now = now_();
    const auto wanted = wanted_addresses();
    return facts.not_before <= now && now < facts.not_after - renewed &&
           (names_.host.empty() || has(facts.names, names_.host)) &&
           std::all_of(wanted.begin(), wanted.end(),
                       [&](const std::string& address) { return has(facts.names, address); });
}

Result<void> CertificateStore::open(const OwnNames& names) {
    ::mkdir(dir_.c_str(), S_IRWXU);
    names_ = names;
    const Secret brought(file_content(dir_ + "/own.pem"));
    if (!brought.empty()) {
        if (const auto used = use(std::string(brought.reveal()), brought)) {
            brought_ = true;
            return {};
        }
        log_.error("web_certificate_unusable",
                   dir_ + "/own.pem is not a chain with its key: a self-made one is used.");
    }
    return use_own_make();
}

Result<void> CertificateStore::use_own_make() {
    brought_ = false;
    const Secret key(file_content(dir_ + "/key.pem"));
    const auto certificate = file_content(dir_ + "/certificate.pem");
    const auto facts = describe(certificate);
    const bool readable = read_key(key.reveal()).has_value();
    if (readable && facts && fits(*facts) && use(certificate, key)) return {};
    if (readable) return make(key);
    const auto fresh = make_key();
    if (!fresh) return fresh.error();
    if (auto kept = replace_file(dir_ + "/key.pem", fresh->reveal(), Durable::yes, owner_only); !kept)
        return kept;
    return make(*fresh);
}

Result<void> CertificateStore::make(const Secret& key) {
    const auto now = now_();
    const auto certificate = self_signed(key, {names_.host, wanted_addresses(), now - back, now + life});
    if (!certificate) return certificate.error();
    if (auto kept = replace_file(dir_ + "/certificate.pem", *certificate, Durable::yes, owner_only); !kept) {
        return kept;
    }
    if (auto used = use(*certificate, key); !used) return used;
    log_.info("web_certificate_made", "A certificate for the pages was made.", {{"sha256", facts_.sha256}});
    return {};
}

Result<void> CertificateStore::use(const std::string& certificate, const Secret& key) {
    auto facts = describe(certificate);
    if (!facts) return facts.error();
    auto tls = ServerTls::make(certificate, key.reveal());
    if (!tls) return tls.error();
    facts_ = *std::move(facts);
    tls_ = *std::move(tls);
    return {};
}

void CertificateStore::look(const OwnNames& names) {
    names_ = names;
    if (brought_ || fits(facts_)) return;
    if (const auto made = make(Secret(file_content(dir_ + "/key.pem"))); !made) {
        log_.error("web_certificate_failed", made.error().detail);
    }
}

Result<void> CertificateStore::bring(const std::string& certificate, const Secret& key) {
    const auto facts = describe(certificate);
    if (!facts) return facts.error();
    const auto now = now_();
    if (facts->not_after <= now || facts->not_before > now) {
        return Error{Errc::invalid, "the certificate is not valid now"};
    }
    if (const auto pair = ServerTls::make(certificate, key.reveal()); !pair) return pair.error();
    const Secret both(certificate + '\n' + std::string(key.reveal()));
    if (auto kept = replace_file(dir_ + "/own.pem", both.reveal(), Durable::yes, owner_only); !kept)
        return kept;
    brought_ = true;
    return use(certificate, key);
}

Result<void> CertificateStore::forget() {
    if (!brought_) return {};
    ::unlink((dir_ + "/own.pem").c_str());
    return use_own_make();
}

}  // namespace busbar::gateway
