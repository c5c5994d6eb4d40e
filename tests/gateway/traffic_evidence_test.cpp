// SPDX-License-Identifier: Apache-2.0
// What the bytes of sessions prove.
#include "gateway/uplink/traffic_evidence.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SessionView session(const std::string& charge_point, const std::string& uplink, std::uint64_t bytes) {
    SessionView view{charge_point, {}};
    view.link.uplink = uplink;
    view.link.bytes_received = bytes;
    return view;
}

TEST(TrafficEvidence, OnlyNewBytesProveAnything) {
    TrafficEvidence evidence;
    EXPECT_THAT(evidence.look({session("A", "wifi", 100)}), ElementsAre("wifi"));
    EXPECT_THAT(evidence.look({session("A", "wifi", 100)}), IsEmpty());
    EXPECT_THAT(evidence.look({session("A", "wifi", 101)}), ElementsAre("wifi"));
}

TEST(TrafficEvidence, EachUplinkIsProvedByItsOwnSessions) {
    TrafficEvidence evidence;
    evidence.look({session("A", "wifi", 100), session("B", "gsm", 100)});
    EXPECT_THAT(evidence.look({session("A", "wifi", 100), session("B", "gsm", 200)}), ElementsAre("gsm"));
}

TEST(TrafficEvidence, ANewConnectionCountsFromNothing) {
    TrafficEvidence evidence;
    evidence.look({session("A", "wifi", 5000)});
    EXPECT_THAT(evidence.look({session("A", "gsm", 0)}), IsEmpty());
    EXPECT_THAT(evidence.look({session("A", "gsm", 40)}), ElementsAre("gsm"));
}

TEST(TrafficEvidence, WithoutAConnectionThereIsNone) {
    TrafficEvidence evidence;
    EXPECT_THAT(evidence.look({session("A", "", 0)}), IsEmpty());
}

}  // namespace
}  // namespace busbar::gateway
