// SPDX-License-Identifier: Apache-2.0
// What probes find on loopback, and how what they find is judged.
#include "gateway/uplink/probe.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/asio/write.hpp>
#include <csignal>

#include "gateway/system_resolver.hpp"
#include "gateway/wall_clock.hpp"
#include "tls_peer.hpp"

namespace busbar::gateway {
namespace {

using testing::Wish;
using tcp = boost::asio::ip::tcp;

constexpr seconds day{86'400};

Dialled failed(DialStep step, LinkCause cause) {
    Dialled dialled;
    dialled.step = step;
    dialled.failure = LinkFailure{cause, "no"};
    return dialled;
}

TEST(Interception, IsAnotherCertificateOrNoTlsAtAll) {
    for (const auto cause : {LinkCause::unknown_ca, LinkCause::host_mismatch, LinkCause::tls_version})
        EXPECT_TRUE(is_intercepted(failed(DialStep::tls, cause), true, ""));
    EXPECT_FALSE(is_intercepted({}, true, ""));
    EXPECT_FALSE(is_intercepted(failed(DialStep::tcp, LinkCause::refused), true, "http://login.example/"));
    EXPECT_FALSE(is_intercepted(failed(DialStep::tls, LinkCause::timeout), true, ""));
}

TEST(Interception, OfABrokenHandshakeNeedsARedirectToBeSeen) {
    const auto closed = failed(DialStep::tls, LinkCause::closed);
    EXPECT_FALSE(is_intercepted(closed, true, ""));
    EXPECT_TRUE(is_intercepted(closed, true, "http://login.example/"));
}

TEST(Interception, IsNotConcludedFromAWrongClock) {
    for (const auto cause : {LinkCause::expired, LinkCause::not_yet_valid}) {
        EXPECT_FALSE(is_intercepted(failed(DialStep::tls, cause), false, "http://login.example/"));
        EXPECT_FALSE(is_intercepted(failed(DialStep::tls, cause), true, ""));
        EXPECT_TRUE(is_intercepted(failed(DialStep::tls, cause), true, "http://login.example/"));
    }
}

TEST(Redirect, IsReadFromTheHeadOfAnAnswer) {
    const char* head = "HTTP/1.0 302 Found\r\nServer: x\r\nlocation:  http://login.example:8080/a?b \r\n\r\n";
    EXPECT_EQ(redirect_of(head, "csms.example"), "http://login.example:8080/a?b");
}

TEST(Redirect, ToTheHostItselfIsNone) {
    const char* head = "HTTP/1.1 301 Moved\r\nLocation: https://CSMS.example/\r\n\r\n";
    EXPECT_EQ(redirect_of(head, "csms.example"), "");
}

TEST(Redirect, NeedsItsStatusAndAWholeUrl) {
    EXPECT_EQ(redirect_of("HTTP/1.1 200 OK\r\nLocation: http://login.example/\r\n\r\n", "csms"), "");
    EXPECT_EQ(redirect_of("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "csms"), "");
    EXPECT_EQ(redirect_of("HTTP/1.1 302 Found\r\nLocation", "csms"), "");
    EXPECT_EQ(redirect_of("", "csms"), "");
    EXPECT_EQ(redirect_of(std::string("\0\xff\n:::\n", 7), "csms"), "");
}

TEST(HostPort, IsSplitAtItsLastColon) {
    EXPECT_EQ(host_port("198.51.100.7:443").host, "198.51.100.7");
    EXPECT_EQ(host_port("198.51.100.7:443").port, 443);
    EXPECT_EQ(host_port("[2001:db8::7]:853").host, "2001:db8::7");
    EXPECT_EQ(host_port("[2001:db8::7]:853").port, 853);
}

class ProbeTest : public ::testing::Test {
  protected:
    ProbeTest() { std::signal(SIGPIPE, SIG_IGN); }
    ~ProbeTest() override { unlink(root_file.c_str()); }

    testing::ServerContextPtr server(const std::string& names, seconds from = -day, seconds to = day) {
        return testing::server_for(
            authority.issue({.names = names, .not_before = wall_now() + from, .not_after = wall_now() + to}));
    }

    ProbeOutcome probe(ProbeOrder order) {
        order.central.host = "127.0.0.1";
        order.timeout = 5s;
        Path path;
        path.device = "lo";
        path.lookup = std::make_shared<HostLookup>(loop, std::make_unique<SystemResolver>(loop));
        std::optional<ProbeOutcome> outcome;
        std::make_shared<Probe>(loop, path, tls, order)->start([&](ProbeOutcome told) {
            EXPECT_FALSE(outcome) << "told twice";
            outcome = std::move(told);
        });
        EXPECT_FALSE(outcome) << "told at once";
        const auto latest = steady_now() + 20s;
        loop.restart();
        while (!outcome && steady_now() < latest) loop.run_one_for(100ms);
        return outcome.value();
    }

    boost::asio::io_context loop{1};
    testing::TestAuthority authority;
    std::string root_file = authority.root_file();
    TlsClient tls = *TlsClient::make(root_file, wall_now);
};

TEST_F(ProbeTest, PassesWhereTheCentralSystemShowsItsCertificate) {
    const auto context = server("IP:127.0.0.1");
    const testing::TlsPeer peer(loop, *context);
    const auto outcome = probe({.central = {"", peer.port()}, .neutral = {}});
    EXPECT_TRUE(outcome.passed()) << outcome.failure->detail;
    EXPECT_EQ(outcome.step, DialStep::tls);
    EXPECT_FALSE(outcome.neutral_answers);
}

TEST_F(ProbeTest, StopsWhereItIsToldTo) {
    const auto context = server("DNS:other.example");
    const testing::TlsPeer peer(loop, *context);
    const auto outcome = probe({.central = {"", peer.port()}, .depth = DialStep::tcp, .neutral = {}});
    EXPECT_TRUE(outcome.passed());
    EXPECT_EQ(outcome.step, DialStep::tcp);
    EXPECT_EQ(peer.story().size(), 0U);
}

TEST_F(ProbeTest, SeesSomebodyElsesCertificate) {
    const auto context = server("DNS:other.example");
    const testing::TlsPeer peer(loop, *context);
    const auto outcome = probe({.central = {"", peer.port()}, .neutral = {}});
    ASSERT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.failure->cause, LinkCause::host_mismatch);
    EXPECT_TRUE(outcome.intercepted);
}

TEST_F(ProbeTest, SeesAServerThatSpeaksNoTls) {
    tcp::acceptor acceptor(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
    std::optional<tcp::socket> socket;
    acceptor.async_accept([&](const boost::system::error_code&, tcp::socket accepted) {
        socket = std::move(accepted);
        boost::system::error_code ignored;
        boost::asio::write(*socket, boost::asio::buffer("HTTP/1.0 400 Bad request syntax\r\n\r\n", 35),
                           ignored);
    });
    const auto outcome = probe({.central = {"", acceptor.local_endpoint().port()}, .neutral = {}});
    ASSERT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.failure->cause, LinkCause::tls_version);
    EXPECT_TRUE(outcome.intercepted);
}

TEST_F(ProbeTest, AnExpiredCertificateIsNoPortal) {
    const auto context = server("IP:127.0.0.1", -2 * day, -day);
    const testing::TlsPeer peer(loop, *context);
    const auto outcome = probe({.central = {"", peer.port()}, .neutral = {}, .clock_is_sane = false});
    ASSERT_FALSE(outcome.passed());
    EXPECT_EQ(outcome.failure->cause, LinkCause::expired);
    EXPECT_FALSE(outcome.intercepted);
}

TEST_F(ProbeTest, ANeutralTargetTellsASilentServerFromADeadUplink) {
    tcp::acceptor neutral(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
    tcp::acceptor closed(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
    const int refused = closed.local_endpoint().port();
    const HostPort alive{"127.0.0.1", neutral.local_endpoint().port()};
    const HostPort dead{"127.0.0.1", refused};
    closed.close();
    const auto silent = probe({.central = {"", refused}, .neutral = {dead, alive}});
    ASSERT_FALSE(silent.passed());
    EXPECT_EQ(silent.step, DialStep::tcp);
    EXPECT_EQ(silent.neutral_answers, true);
    EXPECT_EQ(probe({.central = {"", refused}, .neutral = {dead}}).neutral_answers, false);
    EXPECT_FALSE(probe({.central = {"", refused}, .neutral = {}}).neutral_answers);
}

}  // namespace
}  // namespace busbar::gateway
