// SPDX-License-Identifier: Apache-2.0
// Only what needs no name server: literals and the host's own name.
#include "gateway/host_lookup.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>

#include "gateway/system_resolver.hpp"

namespace busbar::gateway {
namespace {

using Found = std::optional<Result<HostLookup::Found>>;

Endpoints endpoints(std::initializer_list<const char*> addresses) {
    Endpoints made;
    for (const char* text : addresses) made.emplace_back(boost::asio::ip::make_address(text), 443);
    return made;
}

TEST(HostLookup, AnswersALiteralLaterAndWithoutAQuestion) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    const auto asker = std::make_shared<int>();
    for (const char* literal : {"192.0.2.7", "2001:db8::7"}) {
        Found found;
        lookup.find(literal, 8443, asker, [&](const auto& endpoints) { found = endpoints; });
        EXPECT_FALSE(found);
        loop.restart();
        loop.poll();
        ASSERT_TRUE(found && *found) << literal;
        ASSERT_EQ((*found)->endpoints.size(), 1U);
        EXPECT_EQ((*found)->endpoints.front().address().to_string(), literal);
        EXPECT_EQ((*found)->endpoints.front().port(), 8443);
    }
}

TEST(HostLookup, OneAnswerServesAllWhoAsked) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    const auto asker = std::make_shared<int>();
    std::vector<Result<HostLookup::Found>> answers;
    for (int i = 0; i < 3; ++i)
        lookup.find("localhost", 443, asker, [&](const auto& found) { answers.push_back(found); });
    EXPECT_TRUE(answers.empty());
    loop.run_for(10s);
    ASSERT_EQ(answers.size(), 3U);
    for (const auto& found : answers) {
        ASSERT_TRUE(found) << found.error().detail;
        EXPECT_TRUE(found->endpoints.front().address().is_loopback());
        EXPECT_EQ(found->endpoints.front().port(), 443);
    }
}

TEST(HostLookup, ANameThatCannotBeIsAnErrorInWords) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    const auto asker = std::make_shared<int>();
    Found found;
    lookup.find("no name", 443, asker, [&](const auto& endpoints) { found = endpoints; });
    loop.run_for(10s);
    ASSERT_TRUE(found);
    ASSERT_FALSE(*found);
    EXPECT_FALSE(found->error().detail.empty());
}

TEST(HostLookup, WhoIsGoneIsNotTold) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    for (const char* host : {"localhost", "192.0.2.7"}) {
        lookup.find(host, 443, std::make_shared<int>(), [](const auto&) { FAIL(); });
    }
    EXPECT_GT(loop.run_for(10s), 0U);
    EXPECT_TRUE(loop.stopped()) << "something still waits";
}

TEST(HostLookup, TheFamiliesTakeTurns) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    lookup.remember("central.test", 443,
                    endpoints({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"}));
    EXPECT_EQ(lookup.last_good("central.test", 443),
              endpoints({"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"}));
}

TEST(HostLookup, TheAddressThatTookAConnectionIsTheFirstFromThenOn) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    lookup.remember("central.test", 443, endpoints({"2001:db8::1", "192.0.2.1"}));
    lookup.prefer("central.test", 443, endpoints({"192.0.2.1"}).front());
    EXPECT_EQ(lookup.last_good("central.test", 443), endpoints({"192.0.2.1", "2001:db8::1"}));
    lookup.remember("central.test", 443, endpoints({"2001:db8::9", "192.0.2.7", "192.0.2.1"}));
    EXPECT_EQ(lookup.last_good("central.test", 443), endpoints({"192.0.2.1", "2001:db8::9", "192.0.2.7"}));
    lookup.remember("central.test", 443, endpoints({"2001:db8::9", "192.0.2.7"}));
    EXPECT_EQ(lookup.last_good("central.test", 443), endpoints({"2001:db8::9", "192.0.2.7"}))
        << "it is no more";
}

TEST(HostLookup, EndsWhileAQuestionIsOpen) {
    boost::asio::io_context loop(1);
    HostLookup lookup(loop, std::make_unique<SystemResolver>(loop));
    const auto asker = std::make_shared<int>();
    lookup.find("localhost", 443, asker, [](const auto&) { FAIL(); });
}

/// Never answers, or answers with an error.
class DeadResolver final : public Resolver {
  public:
    explicit DeadResolver(boost::asio::io_context& loop, bool says_so) : loop_(loop), says_so_(says_so) {}
    void ask(const std::string& /*host*/, int /*port*/, Handler handler) override {
        if (!says_so_) return;
        boost::asio::post(loop_, [handler = std::move(handler)] {
            handler(Error{Errc::unreachable, "no name server"});
        });
    }

  private:
    boost::asio::io_context& loop_;
    bool says_so_;
};

TEST(HostLookup, FallsBackOnWhatItRemembersFromBeforeARestart) {
    const Endpoints kept{{boost::asio::ip::make_address("203.0.113.10"), 443}};
    for (const bool says_so : {true, false}) {
        boost::asio::io_context loop(1);
        HostLookup lookup(loop, std::make_unique<DeadResolver>(loop, says_so));
        lookup.remember("csms.example", 443, kept);
        const auto asker = std::make_shared<int>();
        Found found;
        lookup.find("csms.example", 443, asker, [&](const auto& told) { found = told; });
        loop.run_for(5s);
        ASSERT_TRUE(found && *found) << says_so;
        EXPECT_TRUE((*found)->stale);
        EXPECT_EQ((*found)->endpoints, kept);
        EXPECT_EQ(lookup.last_good("csms.example", 443), kept);
    }
}

}  // namespace
}  // namespace busbar::gateway
