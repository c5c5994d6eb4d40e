// SPDX-License-Identifier: Apache-2.0
// Handshakes in memory against servers with one flaw each.
#include "gateway/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "gateway/link_failure.hpp"
#include "test_certificates.hpp"

namespace busbar::gateway {
namespace {

using testing::Issued;
using testing::server_for;
using testing::ServerContextPtr;
using testing::TestAuthority;
using testing::Wish;

constexpr UtcTime now{seconds(1'790'000'000)};
constexpr auto day = std::chrono::hours(24);

using ServerPtr = std::unique_ptr<SSL, testing::Free>;

/// One round of both ends; true while neither has failed.
bool step(SSL* client, SSL* server) {
    ERR_clear_error();
    const int result = SSL_do_handshake(client);
    if (result != 1 && SSL_get_error(client, result) != SSL_ERROR_WANT_READ) return false;
    ERR_clear_error();
    SSL_do_handshake(server);  // its alert is what the client then reads
    return true;
}

class TlsTest : public ::testing::Test {
  protected:
    TestAuthority authority;
    std::string root_file = authority.root_file();
    TlsClient client = *TlsClient::make(root_file, [] { return now; });
    Wish wish{.not_before = now - day, .not_after = now + day};
    bool dates_matter = true;
    SslPtr connection;
    ServerPtr server;

    ~TlsTest() override { unlink(root_file.c_str()); }

    /// Nothing: the handshake succeeded.
    std::optional<LinkCause> handshake(SSL_CTX* context, const std::string& host = "csms.test") {
        connection = client.connection_to(host, dates_matter);
        server.reset(SSL_new(context));
        SSL_set_accept_state(server.get());
        BIO *near_end = nullptr, *far_end = nullptr;
        BIO_new_bio_pair(&near_end, 0, &far_end, 0);
        SSL_set_bio(connection.get(), near_end, near_end);
        SSL_set_bio(server.get(), far_end, far_end);
        for (int i = 0; i < 10; ++i) {
            if (!step(connection.get(), server.get())) return cause();
        }
        if (SSL_is_init_finished(connection.get()) == 1) return std::nullopt;
        return LinkCause::closed;
    }

    [[nodiscard]] LinkCause cause() const {
        const long verdict = SSL_get_verify_result(connection.get());
        return verdict != X509_V_OK ? cause_of_certificate(verdict) : cause_of_tls(ERR_peek_error());
    }

    std::optional<LinkCause> handshake_with(const Wish& changed, const std::string& host = "csms.test") {
        return handshake(server_for(authority.issue(changed)).get(), host);
    }
};

TEST_F(TlsTest, AGoodServerIsAccepted) {
    EXPECT_EQ(handshake_with(wish), std::nullopt);
    EXPECT_STREQ(SSL_get_servername(server.get(), TLSEXT_NAMETYPE_host_name), "csms.test");
}

TEST_F(TlsTest, ALoadBalancerWithTls12IsMetWithEcdheAndAesGcm) {
    wish.rsa_bits = 2048;
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set1_groups_list(context.get(), "P-256:P-384");
    EXPECT_EQ(handshake(context.get()), std::nullopt);
    EXPECT_STREQ(SSL_get_version(connection.get()), "TLSv1.2");
    EXPECT_STREQ(SSL_get_cipher_name(connection.get()), "ECDHE-RSA-AES128-GCM-SHA256");
}

TEST_F(TlsTest, RsaKeyExchangeIsRefused) {
    wish.rsa_bits = 2048;
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), "AES128-GCM-SHA256:AES256-GCM-SHA384");
    EXPECT_EQ(handshake(context.get()), LinkCause::cipher);
}

TEST_F(TlsTest, CbcIsRefused) {
    wish.rsa_bits = 2048;
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), "ECDHE-RSA-AES128-SHA256");
    EXPECT_EQ(handshake(context.get()), LinkCause::cipher);
}

TEST_F(TlsTest, ChaChaIsNotOfferedInTls13Either) {
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(context.get(), "TLS_CHACHA20_POLY1305_SHA256");
    EXPECT_EQ(handshake(context.get()), LinkCause::cipher);
}

TEST_F(TlsTest, AnOldServerIsRefusedForItsVersion) {
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    EXPECT_EQ(handshake(context.get()), LinkCause::tls_version);
}

TEST_F(TlsTest, AnotherAuthoritysCertificateIsRefused) {
    EXPECT_EQ(handshake(server_for(TestAuthority().issue(wish)).get()), LinkCause::unknown_ca);
}

TEST_F(TlsTest, AnExpiredCertificateIsRefused) {
    wish.not_after = now - 1s;
    EXPECT_EQ(handshake_with(wish), LinkCause::expired);
}

TEST_F(TlsTest, ACertificateFromTheFutureIsRefused) {
    wish.not_before = now + 1s;
    EXPECT_EQ(handshake_with(wish), LinkCause::not_yet_valid);
}

TEST_F(TlsTest, AnotherHostsCertificateIsRefused) {
    wish.names = "DNS:elsewhere.test";
    EXPECT_EQ(handshake_with(wish), LinkCause::host_mismatch);
}

TEST_F(TlsTest, AWildcardCoversOneLabel) {
    wish.names = "DNS:*.csms.test";
    EXPECT_EQ(handshake_with(wish, "eu.csms.test"), std::nullopt);
    EXPECT_EQ(handshake_with(wish, "a.eu.csms.test"), LinkCause::host_mismatch);
}

TEST_F(TlsTest, AnAddressIsCheckedAsAnAddressAndNotSentAsAName) {
    EXPECT_EQ(handshake_with(wish, "192.0.2.7"), std::nullopt);
    EXPECT_EQ(SSL_get_servername(server.get(), TLSEXT_NAMETYPE_host_name), nullptr);
    EXPECT_EQ(handshake_with(wish, "192.0.2.8"), LinkCause::host_mismatch);
}

TEST_F(TlsTest, AShortKeyIsRefused) {
    wish.rsa_bits = 1024;
    const Issued weak = authority.issue(wish);
    ServerContextPtr context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_use_certificate(context.get(), weak.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), weak.key.get());
    EXPECT_EQ(handshake(context.get()), LinkCause::cipher);
}

TEST_F(TlsTest, NoProtocolIsOfferedThatALoadBalancerCouldPreferToHttp1) {
    std::string offered = "none";
    const auto context = server_for(authority.issue(wish));
    const auto select = [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                           unsigned int, void* seen) {
        *static_cast<std::string*>(seen) = "some";
        *out = in + 1;
        *size = in[0];
        return SSL_TLSEXT_ERR_OK;
    };
    SSL_CTX_set_alpn_select_cb(context.get(), select, &offered);
    EXPECT_EQ(handshake(context.get()), std::nullopt);
    EXPECT_EQ(offered, "none");
}

TEST_F(TlsTest, AConnectionThatOnlyAsksTheTimeTakesAnExpiredCertificateButNobodyElses) {
    dates_matter = false;
    wish.not_after = now - 1s;
    EXPECT_EQ(handshake(server_for(authority.issue(wish)).get()), std::nullopt);
    EXPECT_EQ(handshake(server_for(TestAuthority().issue(wish)).get()), LinkCause::unknown_ca);
    EXPECT_EQ(handshake(server_for(authority.issue(wish)).get(), "other.test"), LinkCause::host_mismatch);
}

TEST_F(TlsTest, ARevokedCertificateIsRefusedByItsOwnFlaw) {
    for (const long serial : {1L, 2L}) {  // the server's is 1
        const std::string lists = authority.crl_file(serial);
        client = *TlsClient::make(
            root_file, [] { return now; }, lists);
        const bool revoked = serial == 1;
        EXPECT_EQ(handshake_with(wish), revoked ? std::optional(LinkCause::unknown_ca) : std::nullopt);
        EXPECT_EQ(flaw_of_certificate(SSL_get_verify_result(connection.get())),
                  revoked ? PeerFlaw::revoked : PeerFlaw::none);
        unlink(lists.c_str());
    }
}

TEST_F(TlsTest, AServerThatHasNotTheKeyOfItsCertificateIsToldApart) {
    const auto context = server_for(authority.issue(wish));
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    connection = client.connection_to("csms.test");
    server.reset(SSL_new(context.get()));
    SSL_set_accept_state(server.get());
    BIO* to_server = BIO_new(BIO_s_mem());
    BIO* to_client = BIO_new(BIO_s_mem());
    BIO_up_ref(to_server);
    BIO_up_ref(to_client);
    SSL_set_bio(connection.get(), to_client, to_server);
    SSL_set_bio(server.get(), to_server, to_client);
    SSL_do_handshake(connection.get());
    SSL_do_handshake(server.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(to_client, &bytes);
    // The flight ends with ServerHelloDone (9 bytes in a record of its own); before it the signature ends.
    bytes[size - 9 - 1] = static_cast<char>(bytes[size - 9 - 1] ^ 1);
    ERR_clear_error();
    EXPECT_NE(SSL_do_handshake(connection.get()), 1);
    EXPECT_EQ(SSL_get_verify_result(connection.get()), X509_V_OK);
    EXPECT_EQ(flaw_of_tls(ERR_peek_error()), PeerFlaw::unproven);
}

TEST(TlsClient, NamesTheCaFileThatIsMissingOrEmpty) {
    const auto missing = TlsClient::make("/nonexistent/roots.pem", [] { return now; });
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().detail.find("/nonexistent/roots.pem"), std::string::npos);

    const std::string file = ::testing::TempDir() + "busbar-no-certificate.pem";
    std::ofstream(file) << "no certificate\n";
    EXPECT_FALSE(TlsClient::make(file, [] { return now; }));
    unlink(file.c_str());
}

}  // namespace
}  // namespace busbar::gateway
