// SPDX-License-Identifier: Apache-2.0
// Serial devices in a folder that looks like /dev.
#include "gateway/serial_ports.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;

class SerialPortsTest : public testing::Test {
  protected:
    SerialPortsTest() { fs::create_directories(dev + "/serial/by-id"); }
    ~SerialPortsTest() override { fs::remove_all(root); }

    void device(const std::string& name) { std::ofstream(dev + "/" + name) << ""; }
    void uart(const std::string& name, int type) {
        device(name);
        fs::create_directories(sys + "/class/tty/" + name);
        std::ofstream(sys + "/class/tty/" + name + "/type") << type;
    }
    void link(const std::string& folder, const std::string& name, const std::string& device) {
        fs::create_directories(dev + "/serial/" + folder);
        fs::create_symlink("../../" + device, dev + "/serial/" + folder + "/" + name);
    }
    [[nodiscard]] std::vector<SerialPort> ports() const { return serial_ports(dev, sys); }

    std::string root =
        testing::TempDir() + "busbar-ports-" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::string dev = root + "/dev";
    std::string sys = root + "/sys";
};

TEST_F(SerialPortsTest, AnAdapterIsNamedByIdAndSaysWhoMadeIt) {
    device("ttyUSB0");
    link("by-id", "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0", "ttyUSB0");
    link("by-path", "platform-xhci-usb-0:1.2:1.0-port0", "ttyUSB0");
    const auto found = ports();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].device, EndsWith("by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"));
    EXPECT_EQ(found[0].path, dev + "/ttyUSB0");
    EXPECT_EQ(found[0].names.size(), 2U);
    EXPECT_EQ(found[0].label, "FTDI FT232R USB UART A50285BI");
    EXPECT_EQ(found[0].kind, PortKind::usb);
    EXPECT_TRUE(found[0].accessible);
}

TEST_F(SerialPortsTest, AdaptersWithoutASerialNumberAreToldApartByTheirSocket) {
    device("ttyUSB0");
    link("by-path", "platform-xhci-usb-0:1.3:1.0-port0", "ttyUSB0");
    EXPECT_THAT(ports().at(0).device, EndsWith("by-path/platform-xhci-usb-0:1.3:1.0-port0"));
}

TEST_F(SerialPortsTest, TheNameOfOurRulesGoesBeforeAnIdThatIsNotUnique) {
    device("ttyUSB0");
    fs::create_directories(dev + "/busbar");
    fs::create_symlink("../ttyUSB0", dev + "/busbar/platform-xhci-usb-0_1_3_1_0");
    link("by-id", "usb-1a86_USB_Serial-if00-port0", "ttyUSB0");
    EXPECT_EQ(ports().at(0).device, dev + "/busbar/platform-xhci-usb-0_1_3_1_0");
    EXPECT_EQ(ports().at(0).label, "1a86 USB Serial");
}

TEST_F(SerialPortsTest, OnboardUartsKeepTheirNameAndThoseThatAreNotWiredAreLeftOut) {
    uart("ttyS0", 4);
    uart("ttyS1", 0);
    device("ttyAMA0");
    device("tty1");
    device("null");
    std::vector<std::string> devices;
    for (const auto& port : ports()) {
        devices.push_back(port.device);
        EXPECT_EQ(port.kind, PortKind::onboard);
    }
    EXPECT_THAT(devices, ElementsAre(dev + "/ttyAMA0", dev + "/ttyS0"));
}

TEST_F(SerialPortsTest, ALinkThatLeadsNowhereAndAMissingFolderAreNoPorts) {
    link("by-id", "usb-gone", "ttyUSB7");
    EXPECT_TRUE(ports().empty());
    EXPECT_TRUE(serial_ports(root + "/nowhere", sys).empty());
}

}  // namespace
}  // namespace busbar::gateway
