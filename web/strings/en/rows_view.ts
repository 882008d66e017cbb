// What the ranking says.
export const rowsView = {
  from: (words: string) => `${words} looks at`,
  fromTogether: (words: string) => `${words} look at`,
  to: (words: string) => `Who looks at ${words}`,
  rest: (count: number, share: string) =>
    count === 1 ? `one other: ${share}` : `${count} others together: ${share}`,
  more: (count: number) => `Show ${count} more`,
  less: "Show fewer",
  list: (title: string, head: string) => `${title}, ${head}`,
};
