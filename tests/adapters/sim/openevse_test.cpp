// SPDX-License-Identifier: Apache-2.0
// The simulated OpenEVSE over literal time: frames, states, supervision, what it says by itself.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/arguments.hpp"
#include "adapters/sim/openevse_box.hpp"
#include "adapters/sim/rapi_frame.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class OpenEvseSim : public testing::Test {
  protected:
    OpenEvseOptions options;
    std::optional<OpenEvseBox> made;

    OpenEvseBox& box() {
        if (!made) made.emplace(options, BoxSetup{1, 1, at(0ms)});
        return *made;
    }
    /// Command and answer without frame and checksum; "" is silence.
    std::string ask(const std::string& command) {
        const auto frame = rapi_frame(command, false);
        const auto answer = box().exchange(Bytes(frame.begin() + 1, frame.end() - 1));
        if (!answer) return "";
        const std::string text(answer->begin(), answer->end());
        return text.substr(1, text.find('^') - 1);
    }
    std::string said() {
        std::string all;
        for (const auto& bytes : box().take_notifications()) all += std::string(bytes.begin(), bytes.end());
        return all;
    }
};

TEST_F(OpenEvseSim, AnswersWithAChecksumAndTheSequenceId) {
    EXPECT_EQ(ask("GC"), "OK 6 32 32 32");
    EXPECT_EQ(ask("GC :0A"), "OK 6 32 32 32 :0A");
    EXPECT_EQ(rapi_frame("OK", false), "$OK^20\r");
    EXPECT_EQ(rapi_frame("OK", true), "$OK\r");
}

TEST_F(OpenEvseSim, SaysNoToDamageAndToWhatItDoesNotKnow) {
    const std::string damaged = "GS^31";
    const auto answer = box().exchange(Bytes(damaged.begin(), damaged.end()));
    EXPECT_EQ(std::string(answer->begin(), answer->end()), "$NK^21\r");
    EXPECT_EQ(ask("ZZ"), "NK");
    const std::string additive = "GS*BE";  // $ + G + S
    EXPECT_THAT(std::string(1, char(box().exchange(Bytes(additive.begin(), additive.end()))->at(1))), "O");
}

TEST_F(OpenEvseSim, ACarChargesWithWhatIsSet) {
    ask("SC 10 V");
    box().car().plug();
    EXPECT_THAT(ask("GS"), StartsWith("OK 02 0 02 01"));
    box().advance(at(3s));
    EXPECT_EQ(ask("GS"), "OK 03 0 03 0140");
    EXPECT_EQ(ask("GG"), "OK 10000 240000");
    EXPECT_EQ(box().show().at("stored_writes"), 0);
}

TEST_F(OpenEvseSim, ClampsWhatItIsAskedFor) {
    options.hardware_max_a = 24;
    EXPECT_EQ(ask("SC 5 V"), "NK 6");
    EXPECT_EQ(ask("SC 32 V"), "NK 24");
    EXPECT_EQ(ask("SC 16"), "OK 16");
    EXPECT_EQ(box().show().at("stored_writes"), 1);
}

TEST_F(OpenEvseSim, SleepLetsTheCarEndAndDisableDoesNot) {
    box().car().plug();
    box().advance(at(5s));
    ask("FS");
    EXPECT_EQ(ask("GS"), "OK fe 0 03 0140");
    box().advance(at(8s));
    EXPECT_EQ(ask("GS"), "OK fe 0 02 0100");
    ask("FE");
    box().advance(at(12s));
    ask("FD");
    EXPECT_EQ(box().show().at("opened_under_load"), 1);
    EXPECT_EQ(ask("G0"), "OK 2");
}

TEST_F(OpenEvseSim, AMissedPulseLimitsUntilItIsAcknowledged) {
    ask("SY 10 6");
    box().advance(at(9s));
    EXPECT_EQ(ask("SY"), "OK 10 6 0");
    box().advance(at(21s));
    EXPECT_EQ(ask("GC"), "OK 6 32 6 32");
    EXPECT_EQ(ask("SY"), "NK 10 6 2");
    EXPECT_EQ(ask("SY 164"), "NK 10 6 2");
    EXPECT_EQ(ask("SY 165"), "OK 10 6 1");
    EXPECT_EQ(ask("GC"), "OK 6 32 32 32");
}

TEST_F(OpenEvseSim, TellsEachChangeOnce) {
    box().advance(at(1s));
    said();
    box().advance(at(2s));
    EXPECT_EQ(said(), "");
    box().car().plug();
    box().advance(at(2100ms));
    EXPECT_THAT(said(), StartsWith("$AT 02 02 32 0100^"));
}

TEST_F(OpenEvseSim, ABootIsSilentThenToldAndForgetsWhatIsVolatile) {
    options.boot_lock = true;
    ask("SC 10 V");
    EXPECT_EQ(ask("SB"), "OK 0");
    box().power_cycle();
    EXPECT_EQ(ask("GS"), "");
    box().advance(at(2s));
    EXPECT_THAT(said(), StartsWith("$AB 00 7.1.3^"));
    EXPECT_EQ(ask("GC"), "OK 6 32 32 32");
    EXPECT_THAT(ask("GS"), HasSubstr(" 4000"));
}

TEST_F(OpenEvseSim, ABootLockIsNotClearedDuringAFault) {
    options.boot_lock = true;
    EXPECT_TRUE(box().fault("no_ground"));
    EXPECT_EQ(ask("SB"), "OK 1");
    EXPECT_THAT(ask("GS"), StartsWith("OK 07"));
    box().clear_fault();
    EXPECT_EQ(ask("SB"), "OK 0");
    EXPECT_FALSE(box().fault("tantrum"));
}

TEST(RapiFraming, FindsCommandsAndDropsWhatIsTooLong) {
    RapiFraming framing;
    const auto feed = [&](std::string_view text) {
        framing.feed(Bytes(text.begin(), text.end()), at(0ms));
        const auto request = framing.next(at(0ms));
        return request ? std::string(request->payload.begin(), request->payload.end()) : "-";
    };
    EXPECT_EQ(feed("$GS^30\r"), "GS^30");
    EXPECT_EQ(feed("noise$G$GS^30\r"), "GS^30");
    EXPECT_EQ(feed("$" + std::string(30, 'x') + "\r"), std::string(30, 'x'));
    EXPECT_EQ(feed("$" + std::string(31, 'x') + "\r"), "-");
    EXPECT_EQ(feed("$GS"), "-");
    EXPECT_EQ(feed("^30\r"), "GS^30");
}

}  // namespace
}  // namespace busbar::sim
