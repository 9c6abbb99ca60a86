/// Given names and nicknames that are English words, and in few lists: `Ivy Chung`, `River Oakley`.
enum WordNames {
  static func contains(_ word: Word) -> Bool { word.hints.contains(.wordName) }

  static let list = """
    cat kit dash bea bo ace buck chip duke rusty rocky sonny junior river willow storm rain ocean forrest wren sparrow autumn winter \
    summer spring april may june august ivy olive sage basil ginger poppy daisy violet hazel heather holly iris jasmine lily rose rowan \
    ash clay reed cliff dale glen heath lane brook skye sky star dawn joy faith hope grace charity chastity mercy patience prudence \
    constance verity felicity honor honour harmony melody haven journey justice liberty destiny genesis trinity heaven angel will mark \
    bill bob rob pat gene jack frank ray rich art guy drew miles chase hunter mason carter grant chance victor sterling royal prince king earl \
    baron major colt remington wolf bear fox hawk phoenix raven robin jay dove birdie bunny kitty pearl ruby jade opal amber crystal \
    gemma diamond sapphire penny dot dolly fern flora gay merry bliss blossom clover cricket echo ember fable pepper pip story true \
    aspen beau blessing buzz cash clover dusty honey indigo juniper love lucky ocean poppy precious princess quill roman saint scout skip sully sunny sunshine twinkle
    """
}
