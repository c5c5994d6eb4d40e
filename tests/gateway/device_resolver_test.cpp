// SPDX-License-Identifier: Apache-2.0
// Against a small name server on loopback.
#include "gateway/uplink/device_resolver.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <optional>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

using boost::asio::ip::udp;
using ::testing::HasSubstr;

/// Knows one address for every name; of an IPv6 address it knows nothing (RFC 1035, 4.1).
class NameServer {
  public:
    explicit NameServer(boost::asio::io_context& loop, bool answers = true)
        : socket_(loop, udp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)), answers_(answers) {
        receive();
    }
    [[nodiscard]] std::string place() const {
        return fmt::format("127.0.0.1:{}", socket_.local_endpoint().port());
    }
    int asked = 0;

  private:
    void receive() {
        socket_.async_receive_from(boost::asio::buffer(buffer_), sender_,
                                   [this](const boost::system::error_code& error, std::size_t size) {
                                       if (error) return;
                                       ++asked;
                                       if (answers_) answer({buffer_.data(), size});
                                       receive();
                                   });
    }

    void answer(std::string question) {
        const auto name_end = question.find('\0', 12);
        question.resize(name_end + 5);  // without EDNS
        const bool is_ipv4 = question[name_end + 2] == 1;
        question[2] = '\x81';
        question[3] = '\x80';
        question[7] = is_ipv4 ? '\1' : '\0';
        question[11] = '\0';
        constexpr std::string_view record("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xcb\0\x71\x0a", 16);
        if (is_ipv4) question += record;
        socket_.send_to(boost::asio::buffer(question), sender_);
    }

    udp::socket socket_;
    udp::endpoint sender_;
    std::array<char, 512> buffer_{};
    bool answers_;
};

class DeviceResolverTest : public ::testing::Test {
  protected:
    using Found = std::optional<Result<Endpoints>>;

    Found ask(const std::string& host = "csms.example") {
        Found found;
        resolver.ask(host, 443, [&](Result<Endpoints> told) { found = std::move(told); });
        EXPECT_FALSE(found) << "told at once";
        loop.restart();
        for (int turns = 0; !found && turns < 1000; ++turns) loop.run_one_for(10ms);
        return found;
    }

    boost::asio::io_context loop{1};
    DeviceResolver resolver{loop, "lo"};
};

TEST_F(DeviceResolverTest, AsksTheServersItIsGiven) {
    NameServer server(loop);
    resolver.set_servers({server.place()});
    const auto found = ask();
    ASSERT_TRUE(found && *found) << (found ? found->error().detail : "no answer");
    ASSERT_EQ((*found)->size(), 1U);
    EXPECT_EQ((*found)->front().address().to_string(), "203.0.113.10");
    EXPECT_EQ((*found)->front().port(), 443);
}

TEST_F(DeviceResolverTest, FindsWhatTheFileOfHostsHasWithoutAServersHelp) {
    NameServer server(loop);
    resolver.set_servers({server.place()});
    const auto found = ask("localhost");
    ASSERT_TRUE(found && *found);
    EXPECT_TRUE((*found)->front().address().is_loopback());
    EXPECT_EQ(server.asked, 0);
}

TEST_F(DeviceResolverTest, TheFileOfHostsNeedsNoServerAtAll) {
    const auto found = ask("localhost");
    ASSERT_TRUE(found && *found);
    EXPECT_TRUE((*found)->front().address().is_loopback());
}

TEST_F(DeviceResolverTest, TheSecondServerIsAskedWhenTheFirstIsSilent) {
    NameServer silent(loop, false);
    NameServer server(loop);
    resolver.set_servers({silent.place(), server.place()});
    const auto found = ask();
    ASSERT_TRUE(found && *found);
    EXPECT_GT(silent.asked, 0);
}

TEST_F(DeviceResolverTest, WithoutServersItSaysWhatToDo) {
    const auto found = ask();
    ASSERT_TRUE(found && !*found);
    EXPECT_THAT(found->error().detail, HasSubstr("give the uplink \"dns\""));
}

TEST_F(DeviceResolverTest, OpenQuestionsFailWhenTheServersChange) {
    NameServer silent(loop, false);
    resolver.set_servers({silent.place()});
    Found found;
    resolver.ask("csms.example", 443, [&](Result<Endpoints> told) { found = std::move(told); });
    loop.run_for(50ms);
    EXPECT_FALSE(found);
    resolver.set_servers({});
    EXPECT_FALSE(found);
    loop.restart();
    loop.run_for(50ms);
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found);
}

TEST(DeviceResolver, EndsWhileAQuestionIsOpenAndTellsNobody) {
    boost::asio::io_context loop(1);
    NameServer silent(loop, false);
    {
        DeviceResolver resolver(loop, "lo");
        resolver.set_servers({silent.place()});
        resolver.ask("csms.example", 443, [](const auto&) { FAIL(); });
        loop.run_for(50ms);
    }
    loop.restart();
    loop.run_for(50ms);
}

}  // namespace
}  // namespace busbar::gateway
