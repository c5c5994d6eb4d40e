// SPDX-License-Identifier: Apache-2.0
// Users, sessions, tokens and what is kept of them.
#include "gateway/web/auth/accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/atomic_file.hpp"
#include "gateway/web/auth/passwords.hpp"
#include "gateway/web/auth/secrets.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr UtcTime noon{std::chrono::seconds(1'772'366'400)};  // 2026-03-01T12:00:00Z

class AccountsTest : public ::testing::Test {
  protected:
    AccountsTest() { fs::remove_all(dir); }
    ~AccountsTest() override { fs::remove_all(dir); }

    Accounts make() {
        return Accounts({loop.get_executor(), dir,
                         [this] {
                             return Now{now, noon + seconds_on()};
                         },
                         [this] { return noon + seconds_on(); },
                         Log([this](const LogRecord& record) { events.emplace_back(record.event); })});
    }
    [[nodiscard]] milliseconds seconds_on() const {
        return std::chrono::floor<milliseconds>(now.time_since_epoch());
    }
    static HttpRequest with_cookie(const std::string& secret) {
        HttpRequest request{"GET", "/api/v1/status", "", ""};
        request.fields = {{"Cookie", "theme=dark; __Host-busbar=" + secret + "; x=y"}};
        return request;
    }
    static HttpRequest with_token(const std::string& secret) {
        HttpRequest request{"GET", "/api/v1/status", "", ""};
        request.fields = {{"Authorization", "Bearer " + secret}};
        return request;
    }
    static User user(const std::string& name, Role role) { return {name, role, "$argon2id$x", false}; }

    boost::asio::io_context loop{1};
    std::string dir = testing::TempDir() + "busbar-accounts-" + std::to_string(::getpid());
    SteadyTime now{};
    std::vector<std::string> events;
};

TEST_F(AccountsTest, ASessionEndsThirtyMinutesAfterTheLastRequest) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
    const auto secret = accounts.sessions().begin("eva", "192.0.2.1", now).secret;
    now += 29min;
    const auto login = accounts.identify(with_cookie(secret));
    ASSERT_TRUE(login);
    EXPECT_EQ(login->user, "eva");
    EXPECT_EQ(login->role, Role::owner);
    now += 29min;
    EXPECT_TRUE(accounts.identify(with_cookie(secret)));
    now += 30min;
    EXPECT_FALSE(accounts.still(*login));
    EXPECT_FALSE(accounts.identify(with_cookie(secret)));
}

TEST_F(AccountsTest, ASessionEndsAfterTwelveHoursHoweverBusy) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
    const auto secret = accounts.sessions().begin("eva", "192.0.2.1", now).secret;
    for (int i = 0; i < 35; ++i) {
        now += 20min;
        EXPECT_TRUE(accounts.identify(with_cookie(secret))) << i;
    }
    now += 20min;
    EXPECT_FALSE(accounts.identify(with_cookie(secret)));
}

TEST_F(AccountsTest, AUserHasSixteenSessionsAtMostAndTheOneUnseenForLongestGivesWay) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
    const auto first = accounts.sessions().begin("eva", "", now).secret;
    const auto second = accounts.sessions().begin("eva", "", now + 1s).secret;
    now += 2s;
    ASSERT_TRUE(accounts.identify(with_cookie(first)));
    for (int i = 0; i < 15; ++i) accounts.sessions().begin("eva", "", now + 3s);
    EXPECT_FALSE(accounts.identify(with_cookie(second)));
    EXPECT_TRUE(accounts.identify(with_cookie(first)));
}

TEST_F(AccountsTest, NoSecretCanBeReadFromWhatIsKept) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
    const auto secret = accounts.tokens().add({"", "script", "eva", Role::viewer, "", noon + 1h});
    ASSERT_TRUE(secret);
    EXPECT_THAT(file_content(dir + "/tokens.json"), Not(HasSubstr(secret->substr(10))));
    for (const char* file : {"/tokens.json", "/users.json"}) {
        struct stat facts {};
        ASSERT_EQ(::stat((dir + file).c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777U, 0600U) << file;
    }
    struct stat facts {};
    ASSERT_EQ(::stat(dir.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0700U);
}

TEST_F(AccountsTest, UsersAndTokensOutliveARestartAndSessionsDoNot) {
    std::string token;
    std::string session;
    {
        auto accounts = make();
        ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
        token = *accounts.tokens().add({"", "script", "eva", Role::owner, "", noon + 1h});
        session = accounts.sessions().begin("eva", "", now).secret;
    }
    auto accounts = make();
    EXPECT_TRUE(accounts.identify(with_token(token)));
    EXPECT_FALSE(accounts.identify(with_cookie(session)));
}

TEST_F(AccountsTest, ATokenNeverMayMoreThanItsMakerAndEndsWithItsTime) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::installer)));
    const auto token = *accounts.tokens().add({"", "script", "eva", Role::installer, "", noon + 1h});
    EXPECT_EQ(accounts.identify(with_token(token))->role, Role::installer);
    ASSERT_TRUE(accounts.users().put(user("eva", Role::viewer)));
    EXPECT_EQ(accounts.identify(with_token(token))->role, Role::viewer);
    now += 1h;
    EXPECT_FALSE(accounts.identify(with_token(token)));
    EXPECT_FALSE(accounts.identify(with_token("busbar_wrong")));
}

TEST_F(AccountsTest, ABadTokenIsNotSavedByAGoodCookie) {
    auto accounts = make();
    ASSERT_TRUE(accounts.users().put(user("eva", Role::owner)));
    auto request = with_cookie(accounts.sessions().begin("eva", "", now).secret);
    request.fields.emplace_back("Authorization", "Bearer nonsense");
    EXPECT_FALSE(accounts.identify(request));
}

TEST_F(AccountsTest, AnAccountThatExpiredIsNobody) {
    auto accounts = make();
    auto guest = user("guest", Role::installer);
    guest.expires_at = noon + 24h;
    ASSERT_TRUE(accounts.users().put(guest));
    const auto token = *accounts.tokens().add({"", "script", "guest", Role::viewer, "", noon + 100h});
    EXPECT_TRUE(accounts.identify(with_token(token)));
    now += 24h;
    EXPECT_FALSE(accounts.identify(with_token(token)));
}

TEST_F(AccountsTest, ADamagedFileIsSetAsideAndNobodyGetsInByIt) {
    fs::create_directories(dir);
    std::ofstream(dir + "/users.json") << R"({"users": [{"name": "eva", "role": "god"}]})";
    auto accounts = make();
    EXPECT_TRUE(accounts.users().all().empty());
    EXPECT_TRUE(fs::exists(dir + "/users.json.damaged"));
    EXPECT_THAT(events, testing::Contains("web_file_damaged"));
}

TEST_F(AccountsTest, TheFirstAccountHasThePasswordOfItsFileOrARandomOneForTheLabel) {
    {
        auto accounts = make();
        accounts.need_first_account("");
        ASSERT_NE(accounts.users().find("installer"), nullptr);
        const auto shown = accounts.first_password();
        ASSERT_TRUE(shown);
        EXPECT_TRUE(password_matches(accounts.users().find("installer")->password_hash, *shown));
        EXPECT_EQ(make().first_password()->reveal(), shown->reveal()) << "also after a restart";
        auto changed = *accounts.users().find("installer");
        changed.must_change_password = false;
        ASSERT_TRUE(accounts.users().put(changed));
        EXPECT_FALSE(accounts.first_password());
        EXPECT_FALSE(fs::exists(dir + "/first_password"))
            << "a password that somebody chose is nobody's business";
    }
    fs::remove_all(dir);
    fs::create_directories(dir);
    std::ofstream(dir + "/label") << "on-the-label\n";
    auto accounts = make();
    accounts.need_first_account(dir + "/label");
    const auto* first = accounts.users().find("installer");
    EXPECT_THAT(first->password_hash, StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(first->must_change_password);
    EXPECT_TRUE(password_matches(first->password_hash, Secret("on-the-label")));
    EXPECT_FALSE(password_matches(first->password_hash, Secret("on-the-label ")));
    EXPECT_FALSE(password_matches("", Secret("")));
}

TEST_F(AccountsTest, TheSecurityLogCountsOnAfterARestartAndIsBounded) {
    {
        auto accounts = make();
        for (int i = 0; i < 3; ++i) accounts.security_log().add({"login_failed", "eva", "192.0.2.1"});
    }
    auto accounts = make();
    accounts.security_log().add({"login", "eva", "192.0.2.1", "a \"quoted\"\nline"});
    EXPECT_THAT(accounts.security_log().page(3),
                testing::AllOf(HasSubstr(R"("n":4)"), HasSubstr(R"("last":4)"), Not(HasSubstr(R"("n":3)")),
                               HasSubstr(R"("t":"2026-03-01T12:00:00)")));
    for (int i = 0; i < 6000; ++i)
        accounts.security_log().add({"login_failed", std::string(500, 'x'), "192.0.2.1"});
    EXPECT_LT(fs::file_size(dir + "/security.log"), 300U * 1024);
    EXPECT_LT(fs::file_size(dir + "/security.log.1"), 300U * 1024);
}

TEST(Password, SaysWhatIsWrongWithIt) {
    EXPECT_EQ(weakness_of("short-one", "eva"), "short");
    EXPECT_EQ(weakness_of(std::string(257, 'x'), "eva"), "long");
    EXPECT_EQ(weakness_of("abababababab", "eva"), "monotonous");
    EXPECT_EQ(weakness_of("Installer1!", "installer"), "like_user");
    EXPECT_EQ(weakness_of("Password12", "eva"), "like_product");
    EXPECT_EQ(weakness_of("Kabel-Salat-26", "eva"), "");
}

TEST(Password, TwoThatAreMadeHaveNothingInCommon) {
    const auto one = random_password();
    EXPECT_EQ(one.reveal().size(), 19U);
    EXPECT_EQ(weakness_of(one.reveal(), "installer"), "");
    EXPECT_FALSE(one == random_password());
}

}  // namespace
}  // namespace busbar::gateway
