// SPDX-License-Identifier: Apache-2.0
// Who may call the routes of access, certificate and events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/web/web.hpp"

namespace busbar::gateway {
namespace {

using testing::UnorderedElementsAre;

class WebRoutesTest : public ::testing::Test {
  protected:
    ~WebRoutesTest() override { std::filesystem::remove_all(dir); }

    /// "GET /api/v1/health" of each route that lets this caller in.
    std::vector<std::string> open_to(const std::optional<Login>& login) {
        const Router router(web.routes());
        std::vector<std::string> open;
        for (const auto& route : router.routes()) {
            HttpRequest request{route.method, route.path, "", ""};
            request.login = login;
            if (!router.refusal(request)) open.push_back(route.method + ' ' + route.path);
        }
        return open;
    }

    boost::asio::io_context loop{1};
    std::string dir = testing::TempDir() + "busbar-web-routes-" + std::to_string(::getpid());
    Web web{{loop, dir, [] { return Now{}; }, [] { return UtcTime{}; }, Log()}};
};

TEST_F(WebRoutesTest, WithoutALoginOneCanOnlyLogIn) {
    EXPECT_THAT(open_to(std::nullopt), UnorderedElementsAre("GET /api/v1/health", "POST /api/v1/session"));
}

TEST_F(WebRoutesTest, WithAFirstPasswordOneCanOnlyChangeIt) {
    Login login{"installer", Role::operator_};
    login.must_change_password = true;
    EXPECT_THAT(open_to(login),
                UnorderedElementsAre("GET /api/v1/health", "POST /api/v1/session", "GET /api/v1/session",
                                     "DELETE /api/v1/session", "POST /api/v1/session/password"));
}

TEST_F(WebRoutesTest, EachRoleMayWhatTheOneBeforeItMay) {
    const auto all = web.routes().size();
    const auto viewer = open_to(Login{"eva", Role::viewer}).size();
    const auto owner = open_to(Login{"eva", Role::owner}).size();
    EXPECT_EQ(viewer, 7U);
    EXPECT_EQ(owner, all - 1) << "all but bringing a certificate";
    EXPECT_EQ(open_to(Login{"eva", Role::installer}).size(), all);
    EXPECT_EQ(open_to(Login{"eva", Role::operator_}).size(), all);
}

}  // namespace
}  // namespace busbar::gateway
