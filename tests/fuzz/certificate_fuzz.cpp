// SPDX-License-Identifier: Apache-2.0
// Bytes as what InstallCertificate and CertificateSigned bring, and as what is kept: a certificate that is
// named and written as it was read, or a refusal in words.
#include "gateway/certificates/certificate_checks.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::gateway {
namespace {

using fuzz::expect;

constexpr UtcTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

void check_names(const x509_st& certificate) {
    for (const auto algorithm :
         {ocpp::HashAlgorithm::SHA256, ocpp::HashAlgorithm::SHA384, ocpp::HashAlgorithm::SHA512}) {
        const auto data = hash_data(certificate, certificate, algorithm);
        expect(is_same(data, hash_data(certificate, certificate, algorithm)), "a name is itself");
        expect(!data.serialNumber.empty(), "a serial number has digits");
    }
}

void check_certificates(std::string_view text) {
    const auto chain = read_certificates(text);
    if (!chain) return expect(!chain.error().detail.empty(), "a refusal has words");
    for (const auto& one : *chain) {
        check_names(*one);
        (void)describe(*one);
        (void)is_signed_by(*one, *one);
    }
    const auto again = read_certificates(write_certificates(*chain));
    expect(again && again->size() == chain->size(), "a chain survives the round trip");
    const auto judged = read_client_chain(text, *chain, now);
    expect(judged || !judged.error().detail.empty(), "a chain is taken, or refused in words");
}

}  // namespace
}  // namespace busbar::gateway

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto text = busbar::fuzz::text_of(data, size);
    busbar::gateway::check_certificates(text);
    const auto root = busbar::gateway::read_root(text, busbar::gateway::now, {});
    busbar::fuzz::expect(root || !root.error().detail.empty(), "a root is taken, or refused in words");
    (void)busbar::gateway::read_client_certificate(busbar::Secret(std::string(text)));
    return 0;
}
