// SPDX-License-Identifier: Apache-2.0
// The kernel that runs the test has a loopback.
#include "gateway/uplink/link_watch.hpp"

#include <gmock/gmock.h>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

TEST(LinkWatch, KnowsTheInterfacesAsSoonAsItIsOpen) {
    boost::asio::io_context loop(1);
    const auto watch = LinkWatch::open(loop, [](const auto&) {});
    ASSERT_TRUE(watch) << watch.error().detail;
    const auto& facts = (*watch)->facts();
    ASSERT_TRUE(facts.contains("lo"));
    EXPECT_TRUE(facts.at("lo").present);
    EXPECT_TRUE(facts.at("lo").carrier);
    EXPECT_THAT(facts.at("lo").addresses, testing::Contains("127.0.0.1"));
}

TEST(LinkWatch, IsSilentWhileNothingChangesAndEndsAtOnce) {
    boost::asio::io_context loop(1);
    {
        const auto watch = LinkWatch::open(loop, [](const auto&) { FAIL(); });
        ASSERT_TRUE(watch);
        loop.poll();
    }
    loop.restart();
    loop.run_for(5s);
    EXPECT_TRUE(loop.stopped()) << "something still waits";
}

}  // namespace
}  // namespace busbar::gateway
