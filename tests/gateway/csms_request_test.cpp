// SPDX-License-Identifier: Apache-2.0
#include "gateway/csms_request.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

using config::PasswordEncoding;
using config::Url;

TEST(RequestTarget, AppendsThePercentEncodedChargePointId) {
    EXPECT_EQ(request_target(Url{"csms.example", 443, "/ocpp", ""}, "RDAM 123"), "/ocpp/RDAM%20123");
    EXPECT_EQ(request_target(Url{"csms.example", 443, "", ""}, "a/b%c~.-_"), "/a%2Fb%25c~.-_");
    EXPECT_EQ(request_target(Url{"csms.example", 443, "", ""}, "\xc3\xa9"), "/%C3%A9");
}

TEST(RequestTarget, PutsTheIdBeforeTheQuery) {
    EXPECT_EQ(request_target(Url{"csms.example", 443, "/ocpp", "key=1&b=/x"}, "CP1"), "/ocpp/CP1?key=1&b=/x");
}

TEST(RequestHost, NamesThePortOnlyWhenItIsNotTheUsualOne) {
    EXPECT_EQ(request_host(Url{"csms.example", 443, "", ""}), "csms.example");
    EXPECT_EQ(request_host(Url{"csms.example", 8443, "", ""}), "csms.example:8443");
    EXPECT_EQ(request_host(Url{"2001:db8::1", 8443, "", ""}), "[2001:db8::1]:8443");
}

TEST(BasicAuthorization, EncodesIdAndPassword) {
    // RFC 7617 section 2
    EXPECT_EQ(basic_authorization("Aladdin", Secret("open sesame"), PasswordEncoding::text).reveal(),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(BasicAuthorization, ATextThatLooksLikeHexStaysText) {
    EXPECT_EQ(basic_authorization("CP1", Secret("00ff"), PasswordEncoding::text).reveal(),
              "Basic Q1AxOjAwZmY=");
}

TEST(BasicAuthorization, HexIsSentAsItsBytes) {
    EXPECT_EQ(basic_authorization("CP1", Secret("00fF41"), PasswordEncoding::hex).reveal(),
              "Basic Q1AxOgD/QQ==");
}

}  // namespace
}  // namespace busbar::gateway
