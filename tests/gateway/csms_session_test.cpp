// SPDX-License-Identifier: Apache-2.0
// A session moves from one path to another, against a central system on loopback.
#include "gateway/csms_session.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>

#include "gateway/system_resolver.hpp"
#include "gateway/wall_clock.hpp"
#include "tls_peer.hpp"

namespace busbar::gateway {
namespace {

using ::testing::ElementsAre;

constexpr seconds day{86'400};

class CsmsSessionTest : public ::testing::Test {
  protected:
    CsmsSessionTest() {
        std::signal(SIGPIPE, SIG_IGN);  // as busbard does
        url.host = "127.0.0.1";
        url.port = peer.port();
        url.path = "/ocpp";
        session.start({.connected = [this] { ++connected; },
                       .frame = {},
                       .disconnected = [this] { ++disconnected; },
                       .quiet = [this] { return quiet; }});
        until([this] { return connected == 1; });
    }
    ~CsmsSessionTest() override { unlink(root_file.c_str()); }

    Path path_of(const std::string& uplink, const std::string& device = "") {
        Path made;
        made.uplink = uplink;
        made.device = device;
        made.lookup = std::make_shared<HostLookup>(loop, std::make_unique<SystemResolver>(loop));
        return made;
    }

    /// Runs the loop until `reached()`, for ten seconds at most.
    template <class Condition>
    void until(Condition reached) {
        const auto latest = steady_now() + 10s;
        loop.restart();
        while (!reached() && steady_now() < latest) loop.run_one_for(100ms);
        EXPECT_TRUE(reached());
    }
    void run_for(milliseconds time) {
        loop.restart();
        loop.run_for(time);
    }

    boost::asio::io_context loop{1};
    testing::TestAuthority authority;
    std::string root_file = authority.root_file();
    TlsClient tls = *TlsClient::make(root_file, wall_now);
    testing::ServerContextPtr server = testing::server_for(authority.issue(
        {.names = "IP:127.0.0.1", .not_before = wall_now() - day, .not_after = wall_now() + day}));
    testing::TlsPeer peer{loop, *server};
    config::Url url;
    Dialer dialer{loop, 100ms, 200ms};
    Path path = path_of("first");
    std::vector<std::string> doubts;
    int connected = 0;
    int disconnected = 0;
    bool quiet = true;
    CsmsSession session{{loop,
                         url,
                         tls,
                         dialer,
                         [this]() -> const Path& { return path; },
                         Log(),
                         {},
                         [this](const std::string& uplink) { doubts.push_back(uplink); },
                         {}},
                        {"CP1", Secret("secret"), config::PasswordEncoding::text}};
};

TEST_F(CsmsSessionTest, APlannedMoveMakesTlsFirstAndClosesTheOldBeforeTheUpgrade) {
    path = path_of("second", "lo");
    session.move(Move::planned);
    EXPECT_EQ(session.status().uplink, "first");
    until([this] { return connected == 2; });
    EXPECT_EQ(disconnected, 1);
    EXPECT_EQ(session.status().uplink, "second");
    EXPECT_THAT(peer.story(),
                ElementsAre("1 tls", "1 upgrade", "2 tls", "1 close 1001", "1 end", "2 upgrade"));
}

TEST_F(CsmsSessionTest, APlannedMoveWaitsForTheAnswerThatIsUnderWay) {
    quiet = false;
    path = path_of("second");
    session.move(Move::planned);
    until([this] { return peer.story().size() == 3; });
    run_for(300ms);
    EXPECT_THAT(peer.story(), ElementsAre("1 tls", "1 upgrade", "2 tls"));
    EXPECT_EQ(disconnected, 0);
    quiet = true;
    until([this] { return connected == 2; });
}

TEST_F(CsmsSessionTest, AForcedMoveResetsTheOldSocket) {
    path = path_of("second");
    session.move(Move::forced);
    EXPECT_EQ(disconnected, 1);
    EXPECT_NE(session.status().state, LinkState::connected);
    until([this] { return connected == 2; });
    EXPECT_EQ(session.status().uplink, "second");
    EXPECT_THAT(peer.story(), ElementsAre("1 tls", "1 upgrade", "1 reset", "2 tls", "2 upgrade"));
}

TEST_F(CsmsSessionTest, StaysOnTheOldWhenTheNewDoesNotTakeIt) {
    path = path_of("second", "nosuch0");
    session.move(Move::planned);
    until([this] { return !doubts.empty(); });
    EXPECT_THAT(doubts, ElementsAre("second"));
    EXPECT_EQ(session.status().state, LinkState::connected);
    EXPECT_EQ(session.status().uplink, "first");
    path = path_of("third");
    session.move(Move::planned);
    until([this] { return connected == 2; });
    EXPECT_EQ(session.status().uplink, "third");
}

TEST_F(CsmsSessionTest, IsNotInterruptedWhenTheChoiceComesBackToWhereItIs) {
    quiet = false;
    path = path_of("second");
    session.move(Move::planned);
    until([this] { return peer.story().size() == 3; });
    path = path_of("first");
    session.move(Move::planned);
    quiet = true;
    run_for(500ms);
    EXPECT_EQ(disconnected, 0);
    EXPECT_EQ(session.status().uplink, "first");
}

TEST_F(CsmsSessionTest, CountsTheBytesOfItsConnection) {
    EXPECT_GT(session.status().bytes_received, 100U);
    path = path_of("second");
    session.move(Move::forced);
    EXPECT_EQ(session.status().bytes_received, 0U);
    EXPECT_EQ(session.status().uplink, "");
}

}  // namespace
}  // namespace busbar::gateway
