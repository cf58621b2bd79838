/* net - the wire between the server's and the clients' network namespace. */
#define _GNU_SOURCE
#include "lab/net.h"

#include "lab/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_LINK "lab0"
#define CLIENT_LINK "lab1"

/* The clients' end as the server's router: link-local, so that it is nobody's address. */
static const struct mp_ip router4 = {4, {169, 254, 0, 2}};
static const struct mp_ip router6 = {6, {0xfe, 0x80, [15] = 2}};

struct request {
	struct nlmsghdr head;
	char body[1024];
};

static struct rtattr *put(struct request *r, unsigned short type, const void *data, size_t n)
{
	struct rtattr *attr = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = (unsigned short)RTA_LENGTH(n);
	if (n > 0) {
		memcpy(RTA_DATA(attr), data, n);
	}
	r->head.nlmsg_len = (unsigned)(NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(attr->rta_len));
	return attr;
}

static void close_nest(struct request *r, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((char *)r + r->head.nlmsg_len - (char *)nest);
}

static void *start(struct request *r, unsigned short type, unsigned flags, size_t n)
{
	memset(r, 0, sizeof *r);
	r->head.nlmsg_len = (unsigned)NLMSG_LENGTH(n);
	r->head.nlmsg_type = type;
	r->head.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
	return r->body;
}

/* Sends one request and waits for the kernel's word on it. */
static int talk(int fd, struct request *r, const char *what, struct mp_err *err)
{
	char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));

	if (send(fd, r, r->head.nlmsg_len, 0) < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", what, strerror(errno));
	}
	ssize_t n = recv(fd, answer, sizeof answer, 0);
	const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || head->nlmsg_type != NLMSG_ERROR) {
		return mp_err_set(err, MP_ERR_SYSTEM, "%s: no answer from the kernel", what);
	}
	const struct nlmsgerr *word = NLMSG_DATA(head);
	if (word->error != 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", what, strerror(-word->error));
	}
	return 0;
}

static int add_pair(int fd, int peer_ns, struct mp_err *err)
{
	struct request r;

	start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	put(&r, IFLA_IFNAME, SERVER_LINK, sizeof SERVER_LINK);
	struct rtattr *info = put(&r, IFLA_LINKINFO, NULL, 0);
	put(&r, IFLA_INFO_KIND, "veth", 4);
	struct rtattr *data = put(&r, IFLA_INFO_DATA, NULL, 0);
	struct ifinfomsg none = {0};
	struct rtattr *peer = put(&r, VETH_INFO_PEER, &none, sizeof none);
	put(&r, IFLA_IFNAME, CLIENT_LINK, sizeof CLIENT_LINK);
	put(&r, IFLA_NET_NS_FD, &peer_ns, sizeof peer_ns);
	close_nest(&r, peer);
	close_nest(&r, data);
	close_nest(&r, info);
	return talk(fd, &r, "veth pair", err);
}

static int link_up(int fd, const char *name, struct mp_err *err)
{
	struct request r;
	struct ifinfomsg *link = start(&r, RTM_NEWLINK, 0, sizeof *link);

	link->ifi_index = (int)if_nametoindex(name);
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	return talk(fd, &r, name, err);
}

/* An address without the route to its network that the kernel would add. */
static int add_address(int fd, const char *name, const struct mp_cidr *a, struct mp_err *err)
{
	struct request r;
	struct ifaddrmsg *msg = start(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof *msg);
	size_t n = a->ip.family == 6 ? 16 : 4;
	unsigned flags = IFA_F_PERMANENT | IFA_F_NODAD | IFA_F_NOPREFIXROUTE;

	msg->ifa_family = a->ip.family == 6 ? AF_INET6 : AF_INET;
	msg->ifa_prefixlen = (unsigned char)a->length;
	msg->ifa_index = if_nametoindex(name);
	put(&r, IFA_LOCAL, a->ip.b, n);
	put(&r, IFA_ADDRESS, a->ip.b, n);
	put(&r, IFA_FLAGS, &flags, sizeof flags);
	return talk(fd, &r, "address", err);
}

/* A route to an address (NULL: to everything), through a router or directly; kind is RTN_UNICAST
 * or RTN_LOCAL. It stands in the main table, behind the machine's own addresses. */
static int add_route(int fd, const char *name, int family, const struct mp_ip *to,
	const struct mp_ip *router, unsigned char kind, struct mp_err *err)
{
	struct request r;
	struct rtmsg *msg = start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, sizeof *msg);
	size_t n = family == 6 ? 16 : 4;
	unsigned index = if_nametoindex(name);

	msg->rtm_family = family == 6 ? AF_INET6 : AF_INET;
	msg->rtm_table = RT_TABLE_MAIN;
	msg->rtm_protocol = RTPROT_STATIC;
	msg->rtm_scope = kind == RTN_LOCAL ? RT_SCOPE_HOST
		: router != NULL           ? RT_SCOPE_UNIVERSE
					   : RT_SCOPE_LINK;
	msg->rtm_type = kind;
	if (to != NULL) {
		msg->rtm_dst_len = (unsigned char)(n * 8);
		put(&r, RTA_DST, to->b, n);
	}
	if (router != NULL) {
		msg->rtm_flags = RTNH_F_ONLINK;
		put(&r, RTA_GATEWAY, router->b, n);
	}
	put(&r, RTA_OIF, &index, sizeof index);
	return talk(fd, &r, "route", err);
}

static int open_netlink(struct mp_err *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "netlink: %s", strerror(errno));
	}
	return fd;
}

/* Settings of the namespace that the calling thread is in. A kernel without IPv6 has none. */
static void set_sysctls(bool client)
{
	lab_file_set("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
	lab_file_set("/proc/sys/net/ipv6/conf/default/disable_ipv6", "0");
	lab_file_set("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	/* No address of its own making: it would count as the server's. */
	lab_file_set("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1");
	lab_file_set("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	lab_file_set("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
	lab_file_set("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	if (client) {
		lab_file_set("/proc/sys/net/ipv4/ip_nonlocal_bind", "1");
		lab_file_set("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
	}
}

static int server_side(int fd, const struct lab_wire *wire, struct mp_err *err)
{
	bool has6 = false;

	for (size_t i = 0; i < wire->server_count; i++) {
		if (mp_ip_is_loopback(&wire->server[i].ip)) {
			continue;
		}
		has6 = has6 || wire->server[i].ip.family == 6;
		if (add_address(fd, SERVER_LINK, &wire->server[i], err) < 0) {
			return -1;
		}
	}
	if (link_up(fd, SERVER_LINK, err) < 0 ||
		add_route(fd, SERVER_LINK, 4, NULL, &router4, RTN_UNICAST, err) < 0) {
		return -1;
	}
	return has6 ? add_route(fd, SERVER_LINK, 6, NULL, &router6, RTN_UNICAST, err) : 0;
}

static int client_side(int fd, const struct lab_wire *wire, struct mp_err *err)
{
	bool has6 = false;

	for (size_t i = 0; i < wire->client_count; i++) {
		const struct mp_cidr a = {wire->client[i], mp_ip_bits(&wire->client[i])};
		has6 = has6 || a.ip.family == 6;
		if (!mp_ip_is_loopback(&a.ip) && add_address(fd, CLIENT_LINK, &a, err) < 0) {
			return -1;
		}
	}
	const struct mp_cidr gate4 = {router4, 32}, gate6 = {router6, 128};
	if (add_address(fd, CLIENT_LINK, &gate4, err) < 0 || link_up(fd, CLIENT_LINK, err) < 0 ||
		add_route(fd, "lo", 4, NULL, NULL, RTN_LOCAL, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < wire->server_count; i++) {
		const struct mp_ip *ip = &wire->server[i].ip;
		has6 = has6 || ip->family == 6;
		if (ip->family == 6 && !mp_ip_is_loopback(ip) &&
			add_route(fd, CLIENT_LINK, 6, ip, NULL, RTN_UNICAST, err) < 0) {
			return -1;
		}
		if (ip->family == 4 && !mp_ip_is_loopback(ip) &&
			add_route(fd, CLIENT_LINK, 4, ip, NULL, RTN_UNICAST, err) < 0) {
			return -1;
		}
	}
	if (!has6) {
		return 0;
	}
	return add_address(fd, CLIENT_LINK, &gate6, err) < 0 ||
			add_route(fd, "lo", 6, NULL, NULL, RTN_LOCAL, err) < 0
		? -1
		: 0;
}

/* In a namespace of its own: the clients' half. The veth pair is made from there, so that its
 * other end is put into the server's namespace. */
static int make_both(int server_ns, int client_ns, const struct lab_wire *wire, struct mp_err *err)
{
	int rc = -1;
	int server = -1, client = open_netlink(err);

	set_sysctls(true);
	if (client >= 0 && link_up(client, "lo", err) == 0 && setns(server_ns, CLONE_NEWNET) == 0) {
		set_sysctls(false);
		server = open_netlink(err);
		if (server >= 0 && link_up(server, "lo", err) == 0 &&
			add_pair(server, client_ns, err) == 0 &&
			server_side(server, wire, err) == 0 &&
			setns(client_ns, CLONE_NEWNET) == 0) {
			rc = client_side(client, wire, err);
		}
	}
	if (setns(server_ns, CLONE_NEWNET) < 0 && rc == 0) {
		rc = mp_err_set(err, MP_ERR_SYSTEM, "setns: %s", strerror(errno));
	}
	if (server >= 0) {
		close(server);
	}
	if (client >= 0) {
		close(client);
	}
	return rc;
}

int lab_net_make(const struct lab_wire *wire, int *client_ns, struct mp_err *err)
{
	int server_ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (server_ns < 0 || unshare(CLONE_NEWNET) < 0) {
		if (server_ns >= 0) {
			close(server_ns);
		}
		return mp_err_set(err, MP_ERR_SYSTEM, "network namespace: %s", strerror(errno));
	}
	*client_ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int rc = *client_ns < 0
		? mp_err_set(err, MP_ERR_SYSTEM, "/proc/self/ns/net: %s", strerror(errno))
		: make_both(server_ns, *client_ns, wire, err);
	close(server_ns);
	return rc;
}
