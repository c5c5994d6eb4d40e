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

const Router router({{"GET", "/a", open_to_all, says("got a ")},
                     {"POST", "/a", open_to_all, says("posted a ")},
                     {"GET", "/b", open_to_all, says("got b ")}});

TEST(Router, CallsTheHandlerOfMethodAndPath) {
    EXPECT_EQ(router({"GET", "/a", "x=1", ""}).body, "got a x=1");
    EXPECT_EQ(router({"POST", "/a", "", ""}).body, "posted a ");
    EXPECT_EQ(router({"GET", "/b", "", ""}).body, "got b ");
}

TEST(Router, ANameInBracesStandsForOneStepOfThePath) {
    const Router by_bus({{"GET", "/buses/{bus}/scan", open_to_all, [](const HttpRequest& request) {
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

std::string code_of(const HttpResponse& response) {
    return json::parse(response.body).at("code");
}

TEST(Router, ARouteIsForItsLeastRoleAndThoseAboveIt) {
    const Router guarded({{"GET", "/a", at_least(Role::installer), says("a")}});
    HttpRequest request{"GET", "/a", "", ""};
    EXPECT_EQ(guarded(request).status, 401);
    EXPECT_EQ(code_of(guarded(request)), "login_required");
    for (const auto role : {Role::metrics, Role::viewer, Role::owner}) {
        request.login = Login{"eva", role};
        EXPECT_EQ(guarded(request).status, 403);
        EXPECT_EQ(code_of(guarded(request)), "role_required");
        EXPECT_EQ(json::parse(guarded(request).body).at("params"), (json{{"role", "installer"}}));
    }
    for (const auto role : {Role::installer, Role::operator_}) {
        request.login = Login{"eva", role};
        EXPECT_EQ(guarded(request).status, 200);
    }
}

TEST(Router, AFirstPasswordOpensOnlyWhatChangesIt) {
    const Router guarded({{"GET", "/a", at_least(Role::viewer), says("a")},
                          {"POST", "/password", {Role::viewer, true}, says("b")}});
    HttpRequest request{"GET", "/a", "", ""};
    request.login = Login{"eva", Role::operator_};
    request.login->must_change_password = true;
    EXPECT_EQ(guarded(request).status, 403);
    EXPECT_EQ(code_of(guarded(request)), "password_change_required");
    request.method = "POST";
    request.path = "/password";
    EXPECT_EQ(guarded(request).status, 200);
}

TEST(HttpRequest, FindsFieldsWhateverTheirCase) {
    HttpRequest request{"GET", "/", "", ""};
    request.fields = {{"If-Match", "a"}, {"Host", "b"}, {"host", "c"}};
    EXPECT_EQ(request.field("if-match"), "a");
    EXPECT_EQ(request.field("HOST"), "b");
    EXPECT_EQ(request.count("Host"), 2U);
    EXPECT_EQ(request.field("If-Matc"), "");
}

TEST(Role, IsNamedAsInTheApi) {
    for (const char* name : {"metrics", "viewer", "owner", "installer", "operator"}) {
        EXPECT_EQ(name_of(*role_named(name)), name);
    }
    EXPECT_FALSE(role_named("root"));
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
