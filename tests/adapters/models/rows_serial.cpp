// SPDX-License-Identifier: Apache-2.0
// The register tables of boxes on a serial line.
#include "rows.hpp"

namespace busbar::adapters::models {
namespace {

constexpr auto H = config::Table::holding;
constexpr auto I = config::Table::input;
constexpr auto C = config::Table::coil;

int deci(double value) {
    return static_cast<int>(value * 10 + 0.5);
}

int letter_of(const Look& look) {
    return look.fault ? 'E' : !look.plugged ? 'A' : look.charging ? 'C' : 'B';
}

void show_heidelberg(Box& box, const Look& look) {
    const int offering = look.offered > 0 ? 1 : 0;
    box.put(I, 5, look.fault ? 9 : !look.plugged ? 2 + offering : look.charging ? 7 : 4 + offering);
    for (int n = 0; n < 3; ++n) {
        box.put(I, 6 + n, deci(look.amperes));
        box.put(I, 10 + n, 230);
    }
    box.put(I, 9, 235);
    box.put(I, 13, 1);
    box.put(I, 14, static_cast<int>(look.watts()));
    box.put32(I, 15, look.session_wh);
    box.put32(I, 17, look.total_wh);
    box.put(I, 100, 16);
    box.put(I, 101, 6);
    box.put_text(I, 102, "HDB-2204711 Energy Control", 2, true);
    box.put(I, 203, 1042);
    box.put(I, 5001, 3);
}

Model heidelberg(std::string id, int layout, std::string readable) {
    Model row;
    row.id = std::move(id);
    row.readable = std::move(readable);
    row.writable = "h257-259 h261 h262";
    row.power_on = {{I, 4, {static_cast<std::uint16_t>(layout)}},
                    {H, 257, {15000}},
                    {H, 258, {0}},
                    {H, 259, {1}},
                    {H, 261, {160}},
                    {H, 262, {60}}};
    row.offered = [](const Box& box) { return box.get(259) == 1 ? box.get(261) / 10.0 : 0; };
    row.fallback = [](const Box& box) { return box.get(262) / 10.0; };
    row.show = show_heidelberg;
    row.refuses = [](const Box&, int address, int value) {
        const bool bad = (address == 261 || address == 262) && value != 0 && (value < 60 || value > 160);
        return bad ? 3 : 0;
    };
    row.gap = 100ms;
    row.longest_read = 17;
    row.watchdog = 15s;
    row.max_a = 16;
    row.fault_code = FaultCode::EVCommunicationError;
    row.vendor_code = "9";
    row.serial = "HDB-2204711";
    row.counts_lifetime = layout >= 0x0107;
    row.counts_session = true;
    row.measures_power = layout >= 0x0104;
    return row;
}

Model amperfied() {
    auto row = heidelberg("amperfied-connect", 0x0108,
                          "i4-18 i100-133 i200 i203 i2002-2007 i5001 h257-259 h261 h262 h501");
    row.unit = 255;
    row.writable += " h501";
    return row;
}

Model evse_din(std::uint16_t configuration, bool has_2000, std::uint16_t most = 32) {
    Model row;
    row.id = "evse-din";
    row.readable = has_2000 ? "h1000-1007 h2000-2007 h2009-2017" : "h1000-1006";
    row.writable = "h1000 h1004 h2000-2007";
    const double unit = (configuration & 0x80) != 0 ? 100 : 1;
    row.power_on = {{H, 1000, {static_cast<std::uint16_t>(16 * unit)}},
                    {H, 1003, {32}},
                    {H, 1004, {0}},
                    {H, 1005, {18}},
                    {H, 2000, {16}},
                    {H, 2002, {6}},
                    {H, 2005, {configuration}},
                    {H, 2007, {most}}};
    row.offered = [unit](const Box& box) { return (box.get(1004) & 1) != 0 ? 0 : box.get(1000) / unit; };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 1001, static_cast<int>(look.offered));
        box.put(H, 1002, look.fault ? 5 : !look.plugged ? 1 : look.charging ? 3 : 2);
        box.put(H, 1006, look.offered > 0 ? 2 : 1);
    };
    row.gap = 200ms;
    row.max_a = most == 20 ? 16 : 32;  // of several phases
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "5";
    return row;
}

Model abb() {
    Model row;
    row.id = "abb-terra-ac";
    row.readable = "h0x4000-0x401F";
    row.writable = "h0x4100-0x4102 h0x4105";
    row.power_on = {{H, 0x4000, {0x5441, 0x4357, 0x2211, 0x0042}},
                    {H, 0x4004, {0x0106, 0x0500}},
                    {H, 0x4006, {0, 32000}},
                    {H, 0x4100, {0, 32000}}};
    row.offered = [](const Box& box) { return box.get32(0x4100) / 1000.0; };
    row.show = [](Box& box, const Look& look) {
        box.put32(H, 0x4008, look.fault ? 0x0200 : 0);
        box.put32(H, 0x400A, look.plugged ? 0x0111 : 0x0011);
        const int state = !look.plugged ? 0 : look.charging ? 4 : look.offered > 0 ? 2 : 5;
        box.put32(H, 0x400C, state << 8 | (look.charging ? 0x8000 : 0));
        box.put32(H, 0x400E, look.offered * 1000);
        for (int n = 0; n < 3; ++n) {
            box.put32(H, 0x4010 + 2 * n, look.amperes * 1000);
            box.put32(H, 0x4016 + 2 * n, 2300);
        }
        box.put32(H, 0x401C, look.watts());
        box.put32(H, 0x401E, look.session_wh);
    };
    row.watchdog = 60s;
    row.fallback = [](const Box&) { return 0.0; };
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "512";
    row.serial = "5441435722110042";
    row.counts_session = row.measures_power = true;
    row.setpoint_readable = false;
    return row;
}

void show_mennekes(Box& box, const Look& look, bool low, double most) {
    const bool late = box.expired();
    box.put(H, 0x0100,
            look.fault || late ? 6
            : !look.plugged    ? 1
            : look.charging    ? 5
            : look.offered > 0 ? 4
                               : 2);
    box.put(H, 0x0101, 1);
    box.put(H, 0x0108, !look.plugged ? 10 : look.charging ? 28 : look.offered > 0 ? 27 : 11);
    box.put_float(H, 0x0114, look.offered, low);
    box.put_float(H, 0x0306, most, low);
    box.put(H, 0x030C, 1);
    for (int n = 0; n < 3; ++n) {
        box.put_float(H, 0x0500 + 2 * n, look.amperes, low);
        box.put_float(H, 0x0506 + 2 * n, 230, low);
    }
    box.put_float(H, 0x0512, look.watts(), low);
    box.put_float(H, 0x0900, 31.5, low);
    box.put_float(H, 0x0B02, look.session_wh / 1000, low);
    box.put_float(H, 0x1000, look.total_wh / 1000, low);
    box.put(H, 0x0E00, look.fault ? 201 : late ? 10 : 0);
}

Model mennekes(int layout, bool low, double most = 32) {
    Model row;
    row.id = "mennekes-amtron-compact-2";
    row.unit = 50;
    row.readable =
        "h0-8 h0x0100-0x0102 h0x0302-0x0303 h0x0306-0x0307 h0x030C h0x030E h0x0500-0x0513 "
        "h0x0900-0x0901 h0x0B02-0x0B06 h0x0D02 h0x0D04-0x0D06 h0x0E00-0x0E02";
    row.writable = "h0x0302-0x0303 h0x0D00 h0x0D04-0x0D06";
    if (layout >= 0x0102) row.readable += " h0x0013-0x001A h0x0108 h0x1000-0x1001";
    if (layout >= 0x0103) row.readable += " h0x0114-0x0115 h0x073A", row.writable += " h0x073A h0x0D19";
    row.power_on = {{H, 0, {static_cast<std::uint16_t>(layout)}}, {H, 0x0302, {0, 0}}, {H, 0x073A, {6}},
                    {H, 0x0013, {0x4D31, 0x3233, 0x3435}},        {H, 0x0D05, {1}},    {H, 0x0D06, {0}}};
    row.offered = [low, most](const Box& box) {
        const double limit = box.get_float(0x0302, low);
        if (box.get(0x0D05) == 0 || box.get(0x0D06) == 1) return 0.0;
        return limit == 0 ? most : limit < 6 ? 0.0 : limit;  // 0 is "no limit"
    };
    row.fallback = [](const Box&) { return 0.0; };
    row.show = [low, most](Box& box, const Look& look) { show_mennekes(box, look, low, most); };
    row.max_a = most;
    row.watchdog = 10s;
    row.watchdog_register = 0x0D00;
    row.healed_by = 0x0D05;
    row.fault_code = FaultCode::InternalError;
    row.vendor_code = "201";
    if (layout >= 0x0102) row.serial = "M12345";
    row.counts_lifetime = layout >= 0x0102;
    row.counts_session = row.measures_power = true;
    row.most_writes = 15;  // the heartbeat
    return row;
}

Model viridian() {
    Model row;
    row.id = "viridian-epc2";
    row.unit = 101;
    row.readable = "h0-9 h11-16 h21-23 h28 h30 h44";
    row.writable = "h0-6 h12 h13 h21-23 h28 h30 h44";
    row.power_on = {{H, 5, {1}}, {H, 6, {32}}, {H, 28, {0}}, {H, 30, {16}}, {H, 44, {32}}};
    row.offered = [](const Box& box) { return box.get(5) == 0 ? 0.0 : box.get(6); };
    row.fallback = [](const Box& box) { return double(box.get(30)); };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 7, 2300);
        box.put(H, 8, deci(look.amperes));
        box.put(H, 9, static_cast<int>(look.watts()));
        box.put(H, 11, look.fault ? 4 : !look.plugged ? 0 : look.charging ? 2 : 1);
        box.put(H, 14, look.fault ? 0b0110 : 0);
        box.put(H, 16, static_cast<int>(look.offered));
    };
    row.refuses = [](const Box&, int address, int value) {
        return address == 6 && value != 0 && (value < 6 || value > 32) ? 3 : 0;
    };
    row.watchdog = 30s;
    row.fault_code = FaultCode::GroundFailure;
    row.vendor_code = "6";
    row.measures_power = true;
    return row;
}

Model phoenix() {
    Model row;
    row.id = "phoenix-ev-cc-ac1-m-rtu";
    row.readable = "i24000 h24000 h22000 h4000 c20000";
    row.writable = "h22000 h4000 c20000";
    row.power_on = {{H, 4000, {0}}, {H, 22000, {16}}, {C, 20000, {0}}};
    row.offered = [](const Box& box) {
        return box.get(4000) != 3 || box.get(20000, C) == 1 ? box.get(22000)
                                                            : 0.0;  // else input EN, wired shut
    };
    row.show = [](Box& box, const Look& look) { box.put(I, 24000, letter_of(look) << 8); };
    row.refuses = [](const Box&, int address, int value) { return address == 22000 && value < 6 ? 3 : 0; };
    row.fault_code = FaultCode::EVCommunicationError;
    row.vendor_code = "69";
    return row;
}

Model smartevse() {
    Model row;
    row.id = "smartevse-3";
    row.readable = "h0-7 h10 h11 h0x0020-0x0027 h0x0100-0x0109 h0x0200-0x0217";
    row.writable = "h2 h3 h4 h5 h0x0020-0x0027 h0x0100-0x0109 h0x0200-0x0217";
    row.power_on = {{H, 2, {160}}, {H, 3, {1}}, {H, 5, {1}}, {H, 7, {25}}, {H, 10, {305}}, {H, 11, {4711}}};
    row.offered = [](const Box& box) { return box.get(5) == 1 ? box.get(2) / 10.0 : 0.0; };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 0, !look.plugged ? 0 : look.charging ? 2 : look.offered > 0 ? 1 : 9);
        box.put(H, 1, look.fault ? 16 : 0);
    };
    row.refuses = [](const Box&, int address, int) { return address >= 0x100 ? 4 : 0; };
    row.max_a = 25;
    row.fault_code = FaultCode::GroundFailure;
    row.vendor_code = "16";
    row.serial = "4711";
    return row;
}

}  // namespace

std::vector<Model> serial_rows() {
    const std::string old = "i4-18 i100-133 i200 i203 h257 h261 h262";
    return {heidelberg("heidelberg-energy-control", 0x0108, "i4-18 i100-133 i200 i203 h257-259 h261 h262"),
            heidelberg("heidelberg-energy-control", 0x0107, old),
            heidelberg("heidelberg-energy-control", 0x0103, "i4-13 i15-16 i100-133 i200 i203 h257 h261 h262"),
            amperfied(),
            evse_din(0x0020, true),
            evse_din(0x00A0, true),
            evse_din(0x0020, true, 20),
            evse_din(0, false),
            abb(),
            mennekes(0x0103, false),
            mennekes(0x0103, true),
            mennekes(0x0103, false, 13.3),
            mennekes(0x0101, false),
            viridian(),
            phoenix(),
            smartevse()};
}

}  // namespace busbar::adapters::models
