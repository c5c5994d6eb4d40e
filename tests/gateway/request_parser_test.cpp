// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/request_parser.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

using State = RequestParser::State;
constexpr std::uint32_t most_header = 8192;

TEST(RequestParser, StopsBehindTheHeadSoThatItCanBeJudged) {
    RequestParser parser(most_header);
    EXPECT_FALSE(parser.begun());
    ASSERT_FALSE(parser.feed(
        "POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /next HTTP/1.1\r\n\r\n"));
    EXPECT_EQ(parser.state(), State::body);
    EXPECT_EQ(parser.request().path, "/a b");
    EXPECT_EQ(parser.request().query, "c=d");
    EXPECT_EQ(parser.request().field("host"), "x");
    EXPECT_EQ(parser.request().body, "");
    ASSERT_FALSE(parser.limit_body(3));
    ASSERT_FALSE(parser.feed({}));
    EXPECT_EQ(parser.state(), State::complete);
    EXPECT_EQ(parser.request().body, "abc");
    parser.next();
    ASSERT_FALSE(parser.feed({}));
    EXPECT_EQ(parser.request().path, "/next");
}

TEST(RequestParser, ReadsWhatComesByteByByte) {
    RequestParser parser(most_header);
    const std::string text =
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char byte : text) {
        EXPECT_NE(parser.state(), State::complete);
        ASSERT_FALSE(parser.feed({&byte, 1}));
        if (parser.state() == State::body && parser.request().body.empty()) (void)parser.limit_body(100);
    }
    EXPECT_EQ(parser.state(), State::complete);
    EXPECT_EQ(parser.request().body, "abcde");
}

TEST(RequestParser, HoldsBodiesAgainstTheLimitOfTheirRoute) {
    RequestParser announced(most_header);
    ASSERT_FALSE(announced.feed("PUT / HTTP/1.1\r\nContent-Length: 101\r\n\r\n"));
    const auto refused = announced.limit_body(100);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 413);
    RequestParser chunked(most_header);
    ASSERT_FALSE(chunked.feed("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"));
    ASSERT_FALSE(chunked.limit_body(100));
    EXPECT_EQ(chunked.feed({})->status, 413);
}

TEST(RequestParser, HoldsTheHeaderAgainstItsLimit) {
    RequestParser parser(most_header);
    EXPECT_EQ(parser.feed("GET / HTTP/1.1\r\nX: " + std::string(most_header, 'x'))->status, 431);
}

TEST(RequestParser, RefusesWhatTwoServersCouldReadDifferently) {
    for (const char* smuggled :
         {"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/2.0\r\n\r\n"}) {
        RequestParser parser(most_header);
        const auto refused = parser.feed(smuggled);
        EXPECT_TRUE(refused && refused->status == 400) << smuggled;
    }
}

}  // namespace
}  // namespace busbar::gateway
