// SPDX-License-Identifier: Apache-2.0
// Certificates that their authorities took back: the lists (CRL, RFC 5280 section 5) that the installer
// names.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

struct X509_crl_st;    // OpenSSL's X509_CRL
struct x509_store_st;  // OpenSSL's X509_STORE

namespace busbar::gateway {

struct RevocationListFree {
    void operator()(X509_crl_st* list) const;
};
using RevocationLists = std::vector<std::unique_ptr<X509_crl_st, RevocationListFree>>;
/// Null: no lists. May be read on any thread.
using Revoked = std::shared_ptr<const RevocationLists>;

/// All lists of a PEM text. Error (invalid): there is none, or one of them cannot be read.
Result<RevocationLists> read_revocation_lists(std::string_view pem);

/// What is verified in `store` from now on is refused (X509_V_ERR_CERT_REVOKED) where a list of its issuer
/// has it, the authorities of a chain too. A list counts when its issuer has signed it, also past the date of
/// the next one: whoever was on it still is. An authority without a list is not asked for one.
void refuse_revoked(x509_store_st& store, const Revoked& revoked);

/// `central_system.crl_file`, read anew whenever it is another file or has changed: whoever fetches the lists
/// need tell nobody. Loop thread only.
class RevocationFile {
  public:
    /// "": no lists. Error (invalid): it cannot be read, or holds none.
    static Result<RevocationFile> open(std::string file);

    /// Null: no lists. Where the file cannot be read any more, those that it had.
    Revoked current();
    /// For a person: the file is damaged, or a list is past the date of the next one.
    [[nodiscard]] std::vector<std::string> warnings(UtcTime now);

  private:
    /// Which file, and which content: device and inode, size, time of change.
    struct Version {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = -1;
        std::int64_t changed_ns = 0;
        friend bool operator==(const Version&, const Version&) = default;
    };
    [[nodiscard]] static Version version_of(const std::string& file);

    std::string file_;
    Version version_;
    Revoked lists_;
    std::string damage_;
};

}  // namespace busbar::gateway
