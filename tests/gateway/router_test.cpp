// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/web/problem.hpp"
#include "gateway/web/target.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;
using testing::ElementsAre;

HttpHandler says(std::string text) {
    return [text](const HttpRequest& request) {
        return HttpResponse{200, "text/plain", text + request.query, {}};
    };
}

const Router router({{"GET", "/a", says("got a ")},
                     {"POST", "/a", says("posted a ")},
                     {"GET", "/b", says("got b ")}});

TEST(Router, CallsTheHandlerOfMethodAndPath) {
    EXPECT_EQ(router({"GET", "/a", "x=1", ""}).body, "got a x=1");
    EXPECT_EQ(router({"POST", "/a", "", ""}).body, "posted a ");
    EXPECT_EQ(router({"GET", "/b", "", ""}).body, "got b ");
}

TEST(Router, ANameInBracesStandsForOneStepOfThePath) {
    const Router by_bus({{"GET", "/buses/{bus}/scan", [](const HttpRequest& request) {
                              return HttpResponse{200, "text/plain", request.captured.at(0), {}};
                          }}});
    EXPECT_EQ(by_bus({"GET", "/buses/rs485-1/scan", "", ""}).body, "rs485-1");
    for (const char* other :
         {"/buses/scan", "/buses//scan", "/buses/a/b/scan", "/buses/a/scan/", "/buses/a", "/"}) {
        EXPECT_EQ(by_bus({"GET", other, "", ""}).status, 404) << other;
    }
    EXPECT_EQ(by_bus({"POST", "/buses/a/scan", "", ""}).status, 405);
}

TEST(Router, AnUnknownPathIsNotFound) {
    const auto response = router({"GET", "/c", "", ""});
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(json::parse(response.body).at("code"), "not_found");
}

TEST(Router, AnotherMethodIsToldWhatIsAllowed) {
    const auto response = router({"DELETE", "/a", "", ""});
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(json::parse(response.body).at("code"), "method_not_allowed");
    EXPECT_THAT(response.headers, ElementsAre(std::pair<std::string, std::string>("Allow", "GET, POST")));
}

TEST(Problem, HasTheFieldsOfRfc9457) {
    const auto response = problem(409, "config_read_only", "The file is \"elsewhere\".");
    EXPECT_EQ(json::parse(response.body), (json{{"type", "about:blank"},
                                                {"title", "Conflict"},
                                                {"status", 409},
                                                {"code", "config_read_only"},
                                                {"detail", "The file is \"elsewhere\"."}}));
}

TEST(Problem, ListsWhatIsWrongWithItsPath) {
    const auto body =
        json::parse(problem(422, "bad_profile", "It has problems.", {{"/id", "is missing"}}).body);
    EXPECT_EQ(body.at("problems"), json::parse(R"([{"path": "/id", "text": "is missing"}])"));
    EXPECT_EQ(body.at("title"), "Unprocessable Content");
}

TEST(Problem, SurvivesTextThatIsNoUtf8) {
    EXPECT_TRUE(json::accept(problem(404, "not_found", "nothing at /\xff").body));
}

TEST(Target, IsTakenApartAndItsPathDecoded) {
    const auto target = parse_target("/api/v1/charge%20points/%C3%A9?after=1&x=%20");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/api/v1/charge points/\xc3\xa9");
    EXPECT_EQ(target->query, "after=1&x=%20");
    EXPECT_EQ(parse_target("/")->query, "");
}

TEST(Target, RefusesWhatIsNoPath) {
    for (const char* bad : {"", "*", "http://busbar/a", "a", "/%", "/%4", "/%4x", "/%00", "/%0d%0aHost:"}) {
        EXPECT_FALSE(parse_target(bad)) << bad;
    }
}

}  // namespace
}  // namespace busbar::gateway
