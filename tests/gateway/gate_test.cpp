// SPDX-License-Identifier: Apache-2.0
// Which requests of the network reach a route, and what every answer carries.
#include "gateway/web/gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/web/contact.hpp"
#include "gateway/web/own_names.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Pair;

const OwnNames own{"gateway.lan", {"127.0.0.1", "192.0.2.7", "2001:db8::7"}};

TEST(OwnNames, AreHostNameAddressesAndWhatIsConfigured) {
    for (const char* mine : {"gateway.lan", "GATEWAY.lan:8443", "gateway.lan.", "gateway", "gateway.local",
                             "localhost", "192.0.2.7", "192.0.2.7:443", "[2001:db8::7]:8443",
                             "[2001:DB8:0::7]", "127.0.0.1", "[::1]", "box.example"}) {
        EXPECT_TRUE(is_own(mine, own, {"Box.example"})) << mine;
    }
    for (const char* foreign :
         {"", "evil.example", "gateway.lan.evil.example", "192.0.2.8", "[2001:db8::8]",
          "[::", "gateway.lan:80:80", "gateway.lan:x", "gateway@evil.example", "0x7f000001", "..", "[]"}) {
        EXPECT_FALSE(is_own(foreign, own, {"box.example"})) << foreign;
    }
}

TEST(OwnNames, OfThisMachineHaveLoopback) {
    EXPECT_THAT(own_names().addresses, Contains("127.0.0.1"));
}

class GateTest : public ::testing::Test {
  protected:
    GateTest() {
        fs::create_directories(folder + "/assets");
        std::ofstream(folder + "/index.html") << "<page>";
        std::ofstream(folder + "/assets/index-BWq3x_7d.js") << "plain";
        std::ofstream(folder + "/assets/index-BWq3x_7d.js.gz") << "zipped";
        fs::create_symlink("/etc/passwd", folder + "/passwd.txt");
        service = network_service({std::make_shared<const Router>(routes()),
                                   std::make_shared<const StaticFiles>(StaticFiles::load(folder, Log())),
                                   [this](const HttpRequest&) { return login; },
                                   [](std::string_view authority) { return is_own(authority, own, {}); },
                                   [] { return UtcTime{}; }, [this] { return trusted; }},
                                  Log());
    }
    ~GateTest() override { fs::remove_all(folder); }

    std::vector<Route> routes() {
        const auto handler = [this](const HttpRequest&) {
            ++handled;
            return HttpResponse{};
        };
        return {{"GET", "/api/v1/a", at_least(Role::viewer), handler},
                {"POST", "/api/v1/a", at_least(Role::viewer), handler},
                {"DELETE", "/api/v1/a", at_least(Role::viewer), handler},
                {"GET", "/metrics", at_least(Role::metrics), handler}};
    }

    /// The answer as it leaves. A field of "" takes one away.
    HttpResponse ask(const std::string& method, const std::string& path, const HttpFields& more = {}) {
        HttpRequest request{method, path, "", ""};
        request.fields = {{"Host", "gateway.lan"}};
        if (method != "GET" && method != "HEAD") {
            request.fields.emplace_back("X-Busbar", "1");
            request.fields.emplace_back("Content-Type", "application/json; charset=utf-8");
        }
        for (const auto& [name, value] : more) {
            std::erase_if(request.fields,
                          [&, &name = name](const auto& field) { return field.first == name; });
            if (!value.empty()) request.fields.emplace_back(name, value);
        }
        std::uint64_t most_body = 0;
        auto refused = service.admit(request, most_body);
        auto response = refused ? *std::move(refused) : service.answer(request);
        service.finish(response);
        return response;
    }
    static std::string code(const HttpResponse& response) {
        return std::to_string(response.status) + ' ' +
               std::string(nlohmann::json::parse(response.body).at("code"));
    }

    std::string folder = testing::TempDir() + "busbar-pages-" + std::to_string(::getpid());
    std::optional<Login> login = Login{"eva", Role::viewer};
    bool trusted = false;
    int handled = 0;
    HttpService service;
};

TEST_F(GateTest, OwnPagesMayReadAndChange) {
    EXPECT_EQ(ask("GET", "/api/v1/a").status, 200);
    EXPECT_EQ(ask("POST", "/api/v1/a", {{"Origin", "https://gateway.lan"}, {"Sec-Fetch-Site", "same-origin"}})
                  .status,
              200);
    EXPECT_EQ(ask("DELETE", "/api/v1/a", {{"Content-Type", ""}}).status, 200) << "it has no body";
    EXPECT_EQ(handled, 3);
}

TEST_F(GateTest, OtherSitesMayNot) {
    EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"X-Busbar", ""}})), "403 cross_site");
    EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"X-Busbar", "0"}})), "403 cross_site");
    EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"Origin", "https://evil.example"}})), "403 cross_site");
    EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"Origin", "http://gateway.lan"}})), "403 cross_site");
    EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"Origin", "null"}})), "403 cross_site");
    EXPECT_EQ(code(ask("GET", "/api/v1/a", {{"Sec-Fetch-Site", "cross-site"}})), "403 cross_site");
    EXPECT_EQ(code(ask("GET", "/api/v1/a", {{"Sec-Fetch-Site", "same-site"}})), "403 cross_site");
    for (const char* type :
         {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json"}) {
        EXPECT_EQ(code(ask("POST", "/api/v1/a", {{"Content-Type", type}})), "415 content_type") << type;
    }
    EXPECT_EQ(code(ask("DELETE", "/api/v1/a", {{"Content-Type", "text/plain"}, {"Content-Length", "2"}})),
              "415 content_type");
    EXPECT_EQ(handled, 0);
}

TEST_F(GateTest, ATokenNeedsNoFieldThatOnlyPagesSend) {
    EXPECT_EQ(ask("POST", "/api/v1/a", {{"X-Busbar", ""}, {"Authorization", "Bearer x"}}).status, 200);
}

TEST_F(GateTest, MetricsAreARouteNoPage) {
    EXPECT_EQ(ask("GET", "/metrics").status, 200);
    EXPECT_EQ(handled, 1);
    EXPECT_EQ(code(ask("GET", "/metrics", {{"Sec-Fetch-Site", "cross-site"}})), "403 cross_site");
    login.reset();
    EXPECT_EQ(ask("GET", "/metrics").status, 401);
    EXPECT_EQ(handled, 1);
}

TEST_F(GateTest, TheHostIsOneOfOurs) {
    EXPECT_EQ(code(ask("GET", "/api/v1/a", {{"Host", "evil.example"}})), "421 not_this_host");
    EXPECT_EQ(code(ask("GET", "/", {{"Host", "evil.example"}})), "421 not_this_host");
    EXPECT_EQ(code(ask("GET", "/api/v1/a", {{"Host", ""}})), "400 bad_request");
    EXPECT_EQ(code(ask("GET", "/api/v1/a", {{"host", "gateway.lan"}})), "400 bad_request") << "two of them";
}

TEST_F(GateTest, NobodyGetsInWithoutALogin) {
    login.reset();
    for (const char* method : {"GET", "POST", "DELETE", "HEAD"}) {
        const auto answer = ask(method, "/api/v1/a");
        EXPECT_EQ(answer.status, 401) << method;
        EXPECT_THAT(answer.headers, Contains(Pair("WWW-Authenticate", "Bearer")));
    }
    EXPECT_EQ(code(ask("GET", "/api/v1/b")), "404 not_found");
    EXPECT_EQ(code(ask("OPTIONS", "/api/v1/a")), "405 method_not_allowed");
    EXPECT_EQ(code(ask("POST", "/index.html")), "405 method_not_allowed");
    EXPECT_EQ(handled, 0);
}

TEST_F(GateTest, EveryAnswerCarriesTheRulesForBrowsers) {
    for (const char* path : {"/", "/nothing", "/api/v1/a", "/api/v1/b", "/.well-known/security.txt"}) {
        const auto headers = ask("GET", path).headers;
        EXPECT_THAT(headers,
                    Contains(Pair("Content-Security-Policy", testing::StartsWith("default-src 'none'"))));
        EXPECT_THAT(headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
        EXPECT_THAT(headers, Contains(Pair("Referrer-Policy", "no-referrer")));
        EXPECT_THAT(headers, Contains(Pair("Cross-Origin-Opener-Policy", "same-origin")));
        EXPECT_THAT(headers, Contains(Pair("Cache-Control", testing::_)));
        EXPECT_THAT(headers, testing::Not(Contains(Pair("Strict-Transport-Security", testing::_))));
    }
    EXPECT_THAT(ask("GET", "/api/v1/a").headers, Contains(Pair("Cache-Control", "no-store")));
    trusted = true;
    EXPECT_THAT(ask("GET", "/").headers, Contains(Pair("Strict-Transport-Security", "max-age=86400")));
}

TEST_F(GateTest, WhomToTellOfAVulnerabilityIsServedOnlyWhereTheBuildSaysIt) {
    EXPECT_EQ(security_txt("mailto:security@example.org", UtcTime(seconds(1'767'225'660))),
              "Contact: mailto:security@example.org\nExpires: 2026-06-30T00:00:00.000Z\n"
              "Preferred-Languages: en\n");
    const auto answer = ask("GET", "/.well-known/security.txt");
    EXPECT_EQ(answer.status, vulnerability_contact().empty() ? 404 : 200);
}

TEST_F(GateTest, PagesComeFromMemoryAndCanBeKept) {
    const auto page = ask("GET", "/");
    EXPECT_EQ(*page.shared_body, "<page>");
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(page.headers, Contains(Pair("Cache-Control", "no-cache")));
    std::string etag;
    for (const auto& [name, value] : page.headers) {
        if (name == "ETag") etag = value;
    }
    EXPECT_EQ(etag.size(), 18U);
    EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "W/" + etag}}).status, 304);
    EXPECT_EQ(ask("GET", "/index.html", {{"If-None-Match", "\"0\""}}).status, 200);
    fs::remove_all(folder);
    EXPECT_EQ(*ask("GET", "/index.html").shared_body, "<page>");
}

TEST_F(GateTest, WhatHasAHashInItsNameNeverChangesAndComesCompressedToWhoTakesIt) {
    const std::string path = "/assets/index-BWq3x_7d.js";
    EXPECT_THAT(ask("GET", path).headers,
                Contains(Pair("Cache-Control", "public, max-age=31536000, immutable")));
    EXPECT_EQ(*ask("GET", path).shared_body, "plain");
    const auto zipped = ask("GET", path, {{"Accept-Encoding", "br, gzip"}});
    EXPECT_EQ(*zipped.shared_body, "zipped");
    EXPECT_THAT(zipped.headers, Contains(Pair("Content-Encoding", "gzip")));
    EXPECT_EQ(*ask("GET", path, {{"Accept-Encoding", "gzip;q=0"}}).shared_body, "plain");
}

TEST_F(GateTest, OnlyWhatWasReadAtTheStartIsThere) {
    for (const char* path :
         {"/passwd.txt", "/../etc/passwd", "//etc/passwd", "/assets/../index.html", "/assets", "/assets/"}) {
        EXPECT_EQ(ask("GET", path).status, 404) << path;
    }
    EXPECT_EQ(*ask("GET", "/chargers/CP1", {{"Accept", "text/html,*/*"}}).shared_body, "<page>")
        << "a page of the application";
    EXPECT_EQ(ask("GET", "/chargers/CP1", {{"Accept", "*/*"}}).status, 404);
}

TEST(Redirect, GoesToTheSamePlaceOnThePortWithTls) {
    const auto service =
        redirect_service([](std::string_view authority) { return is_own(authority, own, {}); }, 8443, Log());
    std::uint64_t most_body = 0;
    HttpRequest request{"POST", "/a b\r\nX: y", "c=d", ""};
    request.fields = {{"Host", "[2001:db8::7]:80"}};
    const auto answer = service.admit(request, most_body);
    EXPECT_EQ(answer->status, 308);
    EXPECT_THAT(answer->headers,
                Contains(Pair("Location", "https://[2001:db8::7]:8443/a%20b%0D%0AX:%20y?c=d")));
    request.fields = {{"Host", "evil.example"}};
    EXPECT_EQ(service.admit(request, most_body)->status, 421);
}

}  // namespace
}  // namespace busbar::gateway
