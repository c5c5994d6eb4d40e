// SPDX-License-Identifier: Apache-2.0
// busbar_bench_central CERTIFICATE KEY: a central system that measures. It says `{"port": N}`, then answers
// each line of its standard input with one line of JSON; README.md has the requests.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <cstdio>
#include <functional>
#include <istream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "book.hpp"
#include "load.hpp"
#include "server.hpp"

namespace busbar::bench {
namespace {

namespace asio = boost::asio;
using Words = std::vector<std::string>;

void say(const std::string& line) {
    std::puts(line.c_str());
    std::fflush(stdout);
}

class Driver {
  public:
    Driver(asio::io_context& loop, const std::string& certificate, const std::string& key)
        : loop_(loop),
          server_(loop, certificate, key,
                  {[this](const PeerPtr& peer) { opened(peer); },
                   [this](const PeerPtr& peer, std::string_view text) { received(peer, text); },
                   [this](const PeerPtr& peer) { closed(peer); }}),
          input_(loop, ::dup(STDIN_FILENO)),
          timer_(loop) {
        say(fmt::format(R"({{"port":{}}})", server_.port()));
        listen();
    }

  private:
    void opened(const PeerPtr& peer) {
        peers_[peer->charge_point()] = peer;
        book_.connected(peer->charge_point());
    }

    void closed(const PeerPtr& peer) {
        const auto known = peers_.find(peer->charge_point());
        if (known == peers_.end() || known->second != peer) return;
        peers_.erase(known);
        book_.disconnected(peer->charge_point());
    }

    void received(const PeerPtr& peer, std::string_view text) {
        const auto head = head_of(text);
        if (load_ && load_->answered(peer, head.id)) {
            if (load_->is_over()) end_load();
        } else if (head.type == '2') {
            peer->send(book_.answer(peer->charge_point(), head));
        }
    }

    void listen() {
        asio::async_read_until(input_, buffer_, '\n', [this](const auto& error, std::size_t) {
            if (error) return loop_.stop();
            std::istream stream(&buffer_);
            std::string line;
            std::getline(stream, line);
            std::istringstream parts(line);
            obey(Words(std::istream_iterator<std::string>(parts), {}));
            listen();
        });
    }

    void obey(const Words& words) {
        static const std::map<std::string, void (Driver::*)(const Words&)> requests{
            {"run", &Driver::run},   {"mark", &Driver::mark}, {"show", &Driver::show},
            {"load", &Driver::load}, {"drop", &Driver::drop}, {"status", &Driver::status},
            {"end", &Driver::end}};
        const auto found = words.empty() ? requests.end() : requests.find(words.front());
        if (found == requests.end()) return say(R"({"error":"no such request"})");
        (this->*found->second)(words);
    }

    /// run PROGRAM ARGUMENT...: times count from just before it is started. Its output goes to our stderr,
    /// and it does not outlive us.
    void run(const Words& words) {
        std::vector<char*> arguments;
        for (std::size_t i = 1; i < words.size(); ++i)
            arguments.push_back(const_cast<char*>(words[i].c_str()));
        arguments.push_back(nullptr);
        book_.mark(monotonic_ns());
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(STDERR_FILENO, STDOUT_FILENO);
            ::execv(arguments.front(), arguments.data());
            ::_exit(127);
        }
        say(fmt::format(R"({{"pid":{}}})", pid));
    }

    /// end PID SIGNAL: of a program of run; waits for its end.
    void end(const Words& words) {
        const auto began = monotonic_ns();
        const pid_t pid = std::stoi(words.at(1));
        ::kill(pid, std::stoi(words.at(2)));
        int result = 0;
        ::waitpid(pid, &result, 0);
        say(fmt::format(R"({{"result":{},"after_ms":{:.1f}}})", result,
                        static_cast<double>(monotonic_ns() - began) / 1e6));
    }

    void mark(const Words& /*words*/) {
        book_.mark(monotonic_ns());
        say("{}");
    }

    void show(const Words& /*words*/) { say(book_.summary()); }

    /// status CHARGE_POINT
    void status(const Words& words) {
        const auto* page = book_.find(words.at(1));
        say(page == nullptr ? "{}"
                            : fmt::format(R"({{"status":"{}","at_ms":{:.3f}}})", page->status,
                                          static_cast<double>(page->status_at) / 1e6));
    }

    /// load SECONDS PID: the answer comes when it is over.
    void load(const Words& words) {
        std::vector<PeerPtr> peers;
        for (const auto& [id, peer] : peers_) peers.push_back(peer);
        load_ = std::make_unique<Load>(peers, std::stoi(words.at(2)));
        timer_.expires_after(std::chrono::milliseconds(static_cast<int>(1000 * std::stod(words.at(1)))));
        timer_.async_wait([this](const auto& /*error*/) {
            load_->stop();
            if (load_->is_over()) return end_load();
            timer_.expires_after(std::chrono::seconds(5));  // for answers that never come
            timer_.async_wait([this](const auto& cancelled) {
                if (!cancelled) end_load();
            });
        });
    }

    void end_load() {
        timer_.cancel();
        say(load_->report());
        load_.reset();
    }

    void drop(const Words& /*words*/) {
        book_.mark(monotonic_ns());
        for (const auto& [id, peer] : peers_) peer->drop();
        say("{}");
    }

    asio::io_context& loop_;
    Book book_;
    std::map<std::string, PeerPtr> peers_;
    std::unique_ptr<Load> load_;
    Server server_;
    asio::posix::stream_descriptor input_;
    asio::streambuf buffer_;
    asio::steady_timer timer_;
};

}  // namespace
}  // namespace busbar::bench

int main(int count, char** arguments) {
    if (count != 3) {
        fmt::print(stderr, "usage: busbar_bench_central CERTIFICATE KEY\n");
        return 2;
    }
    ::signal(SIGPIPE, SIG_IGN);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    boost::asio::io_context loop(1);
    busbar::bench::Driver driver(loop, arguments[1], arguments[2]);
    loop.run();
}
