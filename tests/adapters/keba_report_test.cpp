// SPDX-License-Identifier: Apache-2.0
// What a KEBA says, from reports seen in the field.
#include "adapters/keba_report.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {
namespace {

constexpr std::string_view paused_report =
    R"({"ID": "2", "State": 5, "Error1": 0, "Error2": 0, "Plug": 7, "AuthON": 0, "Authreq": 0, "Enable sys": 0,
        "Enable user": 0, "Max curr": 0, "Max curr %": 1000, "Curr HW": 16000, "Curr user": 6000, "Curr FS": 0,
        "Tmo FS": 0, "Serial": "22588720", "Sec": 44829})";
constexpr std::string_view meter_report =
    R"({"ID": "3", "U1": 230, "U2": 231, "U3": 229, "I1": 15987, "I2": 16004, "I3": 15990, "P": 11031000,
        "PF": 998, "E pres": 164170, "E total": 94751800, "Serial": "22588720", "Sec": 45306})";

class Keba : public testing::Test {
  protected:
    Reading after(std::initializer_list<std::string_view> messages) {
        for (const auto message : messages) merge_keba(values, message, SteadyTime{7s});
        return keba_reading(values);
    }
    KebaValues values;
};

TEST_F(Keba, ReportsAreToldByTheirNumber) {
    EXPECT_EQ(keba_report_number(paused_report), 2);
    EXPECT_EQ(keba_report_number(R"({"ID": 3})"), 3);
    EXPECT_FALSE(keba_report_number(R"({"State": 3})"));
    EXPECT_FALSE(keba_report_number("TCH-OK :done"));
    EXPECT_FALSE(keba_report_number("[1]"));
    EXPECT_FALSE(keba_report_number(""));
}

TEST_F(Keba, APausedBoxWithACar) {
    const auto reading = after({paused_report});
    EXPECT_EQ(reading.state, CpState::B1);
    EXPECT_EQ(reading.offered, Amperes(0));
    EXPECT_FALSE(reading.fault);
    EXPECT_EQ(reading.taken_at, SteadyTime{7s});
    EXPECT_EQ(values.serial, "22588720");
    EXPECT_EQ(values.hardware_ma->value, 16000);
}

TEST_F(Keba, TheMeterInItsOwnUnits) {
    const auto reading = after({R"({"ID": "2", "State": 3, "Plug": 7, "Max curr": 16000})", meter_report});
    EXPECT_EQ(reading.state, CpState::C2);
    EXPECT_DOUBLE_EQ(reading.power->value.value(), 11031);
    EXPECT_DOUBLE_EQ(reading.energy_import->value.value(), 9475180);
    EXPECT_DOUBLE_EQ(reading.energy_session->value.value(), 16417);
    EXPECT_DOUBLE_EQ(reading.current[1]->value.value(), 16.004);
    EXPECT_DOUBLE_EQ(reading.voltage[2]->value.value(), 229);
}

TEST_F(Keba, ABoxWithoutAMeterMeasuresNothing) {
    const auto reading = after({R"({"State": 3, "Plug": 7})",
                                R"({"ID": "3", "U1": 0, "U2": 0, "U3": 0, "I1": 0, "P": 0, "E total": 0})"});
    EXPECT_FALSE(reading.power);
    EXPECT_FALSE(reading.energy_import);
    EXPECT_FALSE(reading.current[0]);
}

TEST_F(Keba, ZeroVoltsAreNotMeasured) {
    const auto reading =
        after({R"({"State": 5, "Plug": 7})", R"({"U1": 0, "I1": 0, "P": 0, "E total": 10})"});
    EXPECT_FALSE(reading.voltage[0]);
    EXPECT_TRUE(reading.current[0]);
}

TEST_F(Keba, FragmentsChangeWhatTheReportsSaid) {
    EXPECT_EQ(
        after({paused_report, R"({"State": 3})", R"({"Max curr": 6000})", R"({"Enable user": 1})"}).state,
        CpState::C2);
    EXPECT_EQ(after({R"({"Plug": 3})"}).state, CpState::A);
    EXPECT_DOUBLE_EQ(after({meter_report, R"({"E pres": 164180})"}).energy_session->value.value(), 16418);
}

TEST_F(Keba, APlugCountsOnlyInTheCar) {
    for (const auto& [plug, state] :
         {std::pair{0, CpState::A}, {1, CpState::A}, {3, CpState::A}, {5, CpState::B2}, {7, CpState::B2}}) {
        KebaValues fresh;
        merge_keba(fresh, R"({"State": 2, "Plug": )" + std::to_string(plug) + "}", SteadyTime{});
        EXPECT_EQ(keba_reading(fresh).state, state) << plug;
    }
}

TEST_F(Keba, ReadyWithoutAnOfferIsNotOffering) {
    EXPECT_EQ(after({R"({"State": 2, "Plug": 7, "Max curr": 0})"}).state, CpState::B1);
    EXPECT_EQ(after({R"({"Max curr": 6000, "Enable user": 0})"}).state, CpState::B1);
}

TEST_F(Keba, AnErrorIsAFaultWithBothNumbers) {
    const auto reading = after({R"({"State": 4, "Plug": 7, "Error1": 8, "Error2": 16})"});
    ASSERT_TRUE(reading.fault);
    EXPECT_EQ(reading.state, CpState::F);
    EXPECT_EQ(reading.fault->code, FaultCode::OtherError);
    EXPECT_EQ(reading.fault->vendor_code, "8/16");
    EXPECT_EQ(after({R"({"Error2": 0})"}).fault->vendor_code, "8");
    EXPECT_FALSE(after({R"({"State": 5})"}).fault);
}

TEST_F(Keba, AStartingBoxSaysNothing) {
    EXPECT_EQ(after({R"({"State": 0, "Plug": 0})"}).state, CpState::unknown);
}

TEST_F(Keba, WaitsForACardOnlyWithACarAndWhenItWantsCards) {
    EXPECT_TRUE(after({R"({"State": 1, "Plug": 7, "AuthON": 1, "Authreq": 1})"}).auth_wait);
    EXPECT_FALSE(after({R"({"Authreq": 0})"}).auth_wait);
    EXPECT_FALSE(after({R"({"Authreq": 1, "AuthON": 0})"}).auth_wait);
    EXPECT_FALSE(after({R"({"AuthON": 1, "Plug": 0})"}).auth_wait);
}

TEST_F(Keba, ACardHasTheLengthOfItsUid) {
    EXPECT_EQ(after({R"({"State": 3, "Plug": 7, "RFID tag": "e3f76b8d00000000"})"}).id_tag, "E3F76B8D");
    EXPECT_EQ(after({R"({"RFID tag": "04a1b2c3d4e5f600"})"}).id_tag, "04A1B2C3D4E5F6");
    EXPECT_FALSE(after({R"({"RFID tag": "0000000000000000"})"}).id_tag);
    EXPECT_FALSE(after({R"({"RFID tag": "e3f76b8d00000000", "ended[s]": 1698})"}).id_tag);
}

TEST_F(Keba, NonsenseChangesNothing) {
    const auto before = after({paused_report}).state;
    for (const std::string_view message : {"", "{", "null", "[3]", R"({"State": "x"})", R"({"State": null})",
                                           R"({"Plug": {}})", "TCH-OK :done", "\xFF\xFE"}) {
        merge_keba(values, message, SteadyTime{9s});
    }
    EXPECT_EQ(keba_reading(values).state, before);
    EXPECT_EQ(after({R"({"Error1": 1e300, "State": 4})"}).fault->vendor_code, "1000000000");
}

TEST_F(Keba, AcknowledgementsAreConsentOrNot) {
    EXPECT_TRUE(is_keba_consent("TCH-OK :done"));
    EXPECT_FALSE(is_keba_consent("TCH-ERR"));
    EXPECT_TRUE(is_keba_acknowledgement("TCH-ERR"));
    EXPECT_FALSE(is_keba_acknowledgement("{\"State\": 3}"));
}

}  // namespace
}  // namespace busbar::adapters
