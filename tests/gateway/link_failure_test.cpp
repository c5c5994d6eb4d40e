// SPDX-License-Identifier: Apache-2.0
#include "gateway/link_failure.hpp"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <set>

namespace busbar::gateway {
namespace {

namespace error = boost::asio::error;
using Line = FailureStreak::Line;

TEST(LinkFailure, SocketErrorsHaveTheirCause) {
    EXPECT_EQ(cause_of_socket(error::connection_refused), LinkCause::refused);
    EXPECT_EQ(cause_of_socket(error::network_unreachable), LinkCause::unreachable);
    EXPECT_EQ(cause_of_socket(error::host_unreachable), LinkCause::unreachable);
    EXPECT_EQ(cause_of_socket(error::timed_out), LinkCause::timeout);
    EXPECT_EQ(cause_of_socket(error::connection_reset), LinkCause::closed);
    EXPECT_EQ(cause_of_socket(error::broken_pipe), LinkCause::closed);
    EXPECT_EQ(cause_of_socket(error::eof), LinkCause::closed);
}

TEST(LinkFailure, CertificateVerdictsHaveTheirCause) {
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_CERT_HAS_EXPIRED), LinkCause::expired);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_CERT_NOT_YET_VALID), LinkCause::not_yet_valid);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_HOSTNAME_MISMATCH), LinkCause::host_mismatch);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_IP_ADDRESS_MISMATCH), LinkCause::host_mismatch);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_EE_KEY_TOO_SMALL), LinkCause::cipher);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT), LinkCause::unknown_ca);
    EXPECT_EQ(cause_of_certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), LinkCause::unknown_ca);
}

TEST(LinkFailure, HttpStatusesHaveTheirCause) {
    EXPECT_EQ(cause_of_http(401), LinkCause::http_401);
    EXPECT_EQ(cause_of_http(404), LinkCause::http_404);
    EXPECT_EQ(cause_of_http(301), LinkCause::http_other);
    EXPECT_EQ(cause_of_http(409), LinkCause::http_other);
    EXPECT_EQ(cause_of_http(200), LinkCause::http_other);
}

TEST(LinkFailure, EveryCauseHasItsContractWordAndACureThatNamesThePlace) {
    const std::vector<std::string> contract{"dns",           "refused",    "unreachable", "timeout",
                                            "tls_version",   "unknown_ca", "expired",     "not_yet_valid",
                                            "host_mismatch", "cipher",     "subprotocol", "http_401",
                                            "http_404",      "http_other", "closed",      "no_pong"};
    std::set<std::string> cures;
    for (std::size_t i = 0; i < contract.size(); ++i) {
        const auto cause = static_cast<LinkCause>(i);
        EXPECT_EQ(to_string(cause), contract.at(i));
        const std::string text = cure(cause, "CP1", "csms.example");
        EXPECT_TRUE(text.find("csms.example") != std::string::npos || text.find("CP1") != std::string::npos)
            << text;
        EXPECT_EQ(text.find('{'), std::string::npos) << text;
        cures.insert(text);
    }
    EXPECT_EQ(cures.size(), contract.size());
    EXPECT_EQ(cure(LinkCause::http_401, "CP1", "csms.example"),
              "The central system refuses the password of CP1: check password and password_encoding.");
}

TEST(LinkFailure, SpeaksOfTheCertificateWhereOneIsShown) {
    for (const auto cause : {LinkCause::http_401, LinkCause::closed, LinkCause::cipher}) {
        const std::string text = cure(cause, "CP1", "csms.example", Shown::certificate);
        EXPECT_NE(text.find("client certificate of CP1"), std::string::npos) << text;
        EXPECT_EQ(text.find("password"), std::string::npos) << text;
    }
    EXPECT_EQ(cure(LinkCause::dns, "CP1", "csms.example", Shown::certificate),
              cure(LinkCause::dns, "CP1", "csms.example"));
}

TEST(FailureStreak, ALineForTheFirstFailureAndForEachNewCause) {
    FailureStreak streak;
    EXPECT_EQ(streak.failed(LinkCause::refused), Line::first);
    EXPECT_EQ(streak.failed(LinkCause::refused), Line::none);
    EXPECT_EQ(streak.failed(LinkCause::http_401), Line::new_cause);
    EXPECT_EQ(streak.failed(LinkCause::refused), Line::none);
}

TEST(FailureStreak, AProvenConnectionBeginsANewStory) {
    FailureStreak streak;
    EXPECT_TRUE(streak.connected());
    streak.ended();
    EXPECT_EQ(streak.failed(LinkCause::closed), Line::first);
    EXPECT_TRUE(streak.connected());
    streak.ended();
    EXPECT_EQ(streak.failed(LinkCause::closed), Line::first);
}

TEST(FailureStreak, AConnectionThatIsDroppedAgainAndAgainIsNotAnnouncedEachTime) {
    FailureStreak streak;
    EXPECT_EQ(streak.failed(LinkCause::refused), Line::first);
    EXPECT_TRUE(streak.connected());
    EXPECT_EQ(streak.failed(LinkCause::closed), Line::new_cause);
    EXPECT_TRUE(streak.connected());
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(streak.failed(LinkCause::closed), Line::none);
        EXPECT_FALSE(streak.connected());
    }
}

}  // namespace
}  // namespace busbar::gateway
