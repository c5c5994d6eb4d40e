// SPDX-License-Identifier: Apache-2.0
// The certificate of the pages: one that somebody brought, else one that the gateway made for itself.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/web/own_names.hpp"
#include "gateway/web/pem.hpp"
#include "gateway/web/server_tls.hpp"

namespace busbar::gateway {

/// In `dir`: key.pem and certificate.pem are our own make; own.pem, chain and key in one file, is what was
/// brought. All for their owner only. Loop thread only.
class CertificateStore {
  public:
    /// `now`: the time by which certificates are judged.
    CertificateStore(std::string dir, std::function<UtcTime()> now, Log log);

    /// Reads what is there and makes what is missing. Error: the directory takes nothing.
    Result<void> open(const OwnNames& names);

    /// These are the names now. A certificate of ours is made anew, with the same key, when one of them is
    /// missing in it or it ends within a month.
    void look(const OwnNames& names);

    /// Takes a chain and its key from somebody. Error (invalid): not a pair, or not valid now.
    Result<void> bring(const std::string& certificate, const Secret& key);
    /// Goes back to one of our own make.
    Result<void> forget();

    [[nodiscard]] const CertificateFacts& facts() const { return facts_; }
    /// Somebody brought it, and it is not self-signed.
    [[nodiscard]] bool trusted() const { return brought_ && !facts_.self_signed; }
    /// REQUIRES: open() went well.
    [[nodiscard]] SslPtr connection() const { return tls_->connection(); }

  private:
    Result<void> use_own_make();
    Result<void> make(const Secret& key);
    Result<void> use(const std::string& certificate, const Secret& key);
    [[nodiscard]] bool fits(const CertificateFacts& facts) const;
    [[nodiscard]] std::vector<std::string> wanted_addresses() const;

    std::string dir_;
    std::function<UtcTime()> now_;
    Log log_;
    OwnNames names_;
    CertificateFacts facts_;
    bool brought_ = false;
    std::optional<ServerTls> tls_;
};

}  // namespace busbar::gateway
